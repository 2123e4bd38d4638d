"""Files of torch.save as people make them, and what PyTorch computes with each: fixtures of the tests that open such files.

    /usr/bin/python3 pytorch_files.py fixtures/pytorch     (a second)

writes NAME.pth for each case below, and answers.json: for each the model's config, prompts [2, 5], logits [2, 5, vocab_size]
of the model after loading that file, and eight greedy tokens. Files that have to be refused have no answer. Needs Debian's
python3-torch.
"""
import json
import os
import sys

import torch
import torch.nn as nn

from reference import GPTModel, generate_text_simple

SMALL = dict(vocab_size=31, context_length=10, emb_dim=8, n_heads=2, n_layers=1, drop_rate=0.1, qkv_bias=False)


def made(cfg, seed):
    """A model whose every value matters: norms that are not ones and zeros, and the course's mask as a buffer."""
    torch.manual_seed(seed)
    model = GPTModel(cfg)
    length = cfg["context_length"]
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name.endswith(("scale", "shift")):
                p.add_(torch.randn(p.shape) * 0.3)
    for block in model.trf_blocks:
        block.att.register_buffer("mask", torch.triu(torch.ones(length, length), diagonal=1))
    return model.eval()


def plain():
    """The last line of the course's chapter on training."""
    model = made(dict(SMALL, n_layers=2, emb_dim=12, n_heads=3), 1)
    return model, model.state_dict()


def training():
    """Training that is to go on, of a compiled model."""
    model = made(dict(SMALL, qkv_bias=True), 2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.1)
    model(torch.tensor([[1, 2, 3]])).square().sum().backward()
    optimizer.step()
    weights = {"_orig_mod." + name: tensor for name, tensor in model.state_dict().items()}
    return model, dict(model_state_dict=weights, optimizer_state_dict=optimizer.state_dict(), epoch=3, best=float("inf"),
                       losses=[3.5, 3.25], note=None)


def half():
    model = made(SMALL, 3).half()
    weights = {"module." + name: tensor for name, tensor in model.state_dict().items()}
    return model.float(), weights


def bf16():
    model = made(SMALL, 4).bfloat16()
    return model.float(), {name: tensor.bfloat16() for name, tensor in model.state_dict().items()}


def views():
    """One head for in and out; query, key and value bands of one matrix that lies the other way round; parameters."""
    cfg = dict(SMALL, qkv_bias=True)
    model = made(cfg, 5)
    d = cfg["emb_dim"]
    weights = {name: parameter.detach() for name, parameter in model.named_parameters()}
    weights["out_head.weight"] = weights["tok_emb.weight"]
    att = "trf_blocks.0.att."
    fused, bias, table = torch.randn(d, 3 * d), torch.randn(3 * d), torch.randn(20, 2 * d)
    for i, name in enumerate(["W_query", "W_key", "W_value"]):
        weights[f"{att}{name}.weight"] = fused[:, i * d:(i + 1) * d].T
        weights[f"{att}{name}.bias"] = bias[i * d:(i + 1) * d]
    weights["trf_blocks.0.ff.layers.0.weight"] = (torch.randn(d, 4 * d) / 2).T
    weights["pos_emb.weight"] = table[2:12, 3:3 + d]
    weights["trf_blocks.0.norm1.scale"] = table[12, ::2]
    weights = {name: nn.Parameter(tensor) for name, tensor in weights.items()}
    model.load_state_dict(weights, strict=False)
    return model, weights


ACCEPTED = [plain, training, half, bf16, views]


def whole(path):
    """The model itself: its class is Python code."""
    torch.save(nn.Sequential(nn.Linear(2, 2)), path)


def old(path):
    """The format before PyTorch 1.6."""
    torch.save(nn.Linear(2, 2).state_dict(), path, _use_new_zipfile_serialization=False)


def program(path):
    torch.jit.script(nn.Linear(2, 2)).save(path)


REFUSED = [whole, old, program]


def digits(values):
    """Nine digits are all that a float32 has."""
    return [digits(v) for v in values] if isinstance(values, list) else float(f"{values:.9g}")


def main(directory):
    os.makedirs(directory, exist_ok=True)
    answers = {}
    for case in ACCEPTED:
        model, content = case()
        torch.save(content, os.path.join(directory, case.__name__ + ".pth"))
        generator = torch.Generator().manual_seed(2000)
        cfg = model.cfg
        idx = torch.randint(0, cfg["vocab_size"], (2, 5), generator=generator)
        with torch.no_grad():
            logits = digits(model(idx).tolist())
            generated, margins = generate_text_simple(model, idx, 8, cfg["context_length"])
        answers[case.__name__] = dict(config=cfg, idx=idx.tolist(), logits=logits, generated=generated.tolist(),
                                      margin=min(min(m) for m in margins))
    for case in REFUSED:
        case(os.path.join(directory, case.__name__ + ".pth"))
    with open(os.path.join(directory, "answers.json"), "w") as file:
        json.dump(answers, file)
        file.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
