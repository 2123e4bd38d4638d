"""What PyTorch answers when heads of attention are taken away: their shares of context_vec are zero before out_proj.

    /usr/bin/python3 ablation.py > ablation.json     (seconds)

The forward pass of reference.py, with a hook before each out_proj: nothing is computed a second way.
"""
import json
import sys

import torch

from inspection import attention_weights, digits, lens
from reference import generate_text_simple, seeded

# A head has six values, which no vec of four holds; and eight, which tiles do.
SMALL = [
    dict(vocab_size=31, context_length=12, emb_dim=24, n_heads=4, n_layers=3, drop_rate=0.1, qkv_bias=True),
    dict(vocab_size=29, context_length=12, emb_dim=16, n_heads=2, n_layers=2, drop_rate=0.1, qkv_bias=False),
]
HEADS = [
    [[[1, 2]], [[0, 3], [2, 0]], [[1, 0], [1, 1], [1, 2], [1, 3]]],
    [[[0, 1]], [[0, 0], [1, 1]], [[1, 0], [1, 1]]],
]
NEW_TOKENS = 12  # on beyond the context length


def ablate(model, heads):
    """Takes heads away until the handles that are returned are removed."""
    def zeroed(att, taken):
        def hook(_, args):
            context_vec = args[0].clone()
            for head in taken:
                context_vec[..., head * att.head_dim:(head + 1) * att.head_dim] = 0
            return (context_vec,)
        return att.out_proj.register_forward_pre_hook(hook)
    layers = sorted({layer for layer, _ in heads})
    return [zeroed(model.trf_blocks[i].att, [head for layer, head in heads if layer == i]) for i in layers]


@torch.no_grad()
def watch(model, idx, mask):
    """The first row's attention in the last layer and its residual stream, and the logits of all rows."""
    weights, stream, handles = [], [], []
    att = model.trf_blocks[-1].att
    handles.append(att.register_forward_pre_hook(
        lambda att, args: weights.append(attention_weights(att, args[0][0], mask))))
    handles.append(model.trf_blocks[0].register_forward_pre_hook(lambda _, args: stream.append(args[0][0])))
    for block in model.trf_blocks:
        handles.append(block.register_forward_hook(lambda _, args, x: stream.append(x[0])))
    logits = model(idx, mask)
    for handle in handles:
        handle.remove()
    return logits, weights[0], torch.stack(stream)


def case(model, idx, mask, heads):
    handles = ablate(model, heads)
    logits, weights, stream = watch(model, idx, mask)
    generated, margins = generate_text_simple(model, idx, NEW_TOKENS, model.cfg["context_length"], mask)
    first, _, _ = watch(model, idx[:, :1], mask)
    answer = dict(heads=heads, logits=digits(logits), first_token_logits=digits(first),
                  generated=generated.tolist(), smallest_margin=min(min(step) for step in margins),
                  last_attention=digits(weights), residual_norms=digits(stream.norm(dim=-1)),
                  lens=lens(model, stream, 5))
    for handle in handles:
        handle.remove()
    return answer


def small(i):
    cfg = SMALL[i]
    model, _ = seeded(cfg, 21 + i)
    gen = torch.Generator().manual_seed(4000 + i)
    idx = torch.randint(0, cfg["vocab_size"], (2, 6), generator=gen)
    return dict(config=cfg, seed=21 + i, idx=idx.tolist(),
                **{mask: [case(model, idx, mask, heads) for heads in HEADS[i]] for mask in ("causal", "none")})


if __name__ == "__main__":
    json.dump([small(i) for i in range(len(SMALL))], sys.stdout)
    print()
