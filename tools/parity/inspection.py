"""What PyTorch sees inside the notebook's model: attention weights, the residual stream, the logit lens.

    /usr/bin/python3 inspection.py > inspection.json     (seconds, 2 GB)

The forward pass of reference.py, watched by hooks: nothing is computed a second way but the attention weights, which
reference.py does not return. Both masks, for a small model with all its weights and for the notebook's with checksums.
"""
import json
import sys

import torch

from reference import GPT_CONFIG_124M, seeded

SMALL = dict(vocab_size=211, context_length=80, emb_dim=24, n_heads=2, n_layers=2, drop_rate=0.1, qkv_bias=True)


def digits(values):
    """A tensor as lists; nine digits are all that a float32 has."""
    if values.dim() == 0:
        return float(f"{values.item():.9g}")
    return [digits(value) for value in values]


def attention_weights(att, x, mask):
    """x [T, emb_dim], the input of a MultiHeadAttention, to its weights [n_heads, T, T]."""
    t = x.shape[0]
    q, k = (w(x).view(t, att.n_heads, att.head_dim).transpose(0, 1) for w in (att.W_query, att.W_key))
    scores = q @ k.transpose(1, 2)
    if mask == "causal":
        scores = scores.masked_fill(torch.ones(t, t).triu(1).bool(), -torch.inf)
    return torch.softmax(scores / att.head_dim ** 0.5, -1)


@torch.no_grad()
def watch(model, ids, mask):
    """Weights [n_layers, n_heads, T, T] and the residual stream [n_layers + 1, T, emb_dim] of one row of ids."""
    weights, stream, handles = [], [], []
    for i, block in enumerate(model.trf_blocks):
        handles.append(block.att.register_forward_pre_hook(
            lambda att, args: weights.append(attention_weights(att, args[0][0], mask))))
        if i == 0:
            handles.append(block.register_forward_pre_hook(lambda _, args: stream.append(args[0][0])))
        handles.append(block.register_forward_hook(lambda _, args, x: stream.append(x[0])))
    model(torch.tensor([ids]), mask)
    for handle in handles:
        handle.remove()
    return torch.stack(weights), torch.stack(stream)


@torch.no_grad()
def lens(model, stream, k):
    top = model.out_head(model.final_norm(stream[:, -1])).topk(k, dim=-1)
    return dict(top_ids=top.indices.tolist(), top_logits=digits(top.values))


def head_summary(w):
    """One head of a large model: its last row whole, and what changes when any other weight does."""
    rank = torch.arange(w.numel(), dtype=torch.float64).view(w.shape)
    return dict(last_row=digits(w[-1]), checksum=(w.double() * rank).sum().item())


def small():
    model, _ = seeded(SMALL, 11)
    gen = torch.Generator().manual_seed(3000)
    out = dict(config=SMALL, seed=11)
    out["ids"] = torch.randint(0, SMALL["vocab_size"], (9,), generator=gen).tolist()
    out["long_ids"] = torch.randint(0, SMALL["vocab_size"], (70,), generator=gen).tolist()
    for mask in ("causal", "none"):
        weights, stream = watch(model, out["ids"], mask)
        long_weights, long_stream = watch(model, out["long_ids"], mask)
        out[mask] = dict(attention=digits(weights), residual_norms=digits(stream.norm(dim=-1)),
                         lens=lens(model, stream, 5),
                         # Of a long row the last 64 tokens are shown, as they are computed with all before them.
                         long_last_rows=digits(long_weights[:, :, -1, -64:]),
                         long_residual_norms=digits(long_stream[:, -64:].norm(dim=-1)),
                         long_lens=lens(model, long_stream, 5))
    return out


def notebook():
    model, _ = seeded(GPT_CONFIG_124M, 123)
    out = dict(config=GPT_CONFIG_124M, seed=123, ids=[15496, 11, 314, 716])
    for mask in ("causal", "none"):
        weights, stream = watch(model, out["ids"], mask)
        out[mask] = dict(attention=[[head_summary(head) for head in layer] for layer in weights],
                         residual_norms=digits(stream.norm(dim=-1)), lens=lens(model, stream, 5))
    return out


if __name__ == "__main__":
    json.dump(dict(small=small(), notebook=notebook()), sys.stdout)
    print()
