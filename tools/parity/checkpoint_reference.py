"""What PyTorch computes with a checkpoint of Hugging Face's GPT-2 layout: the fixtures of the checkpoint tests.

    /usr/bin/python3 checkpoint_reference.py logits|last|ids <directory> [15496,11,314] > fixtures/checkpoint-<name>.json

writes 20 greedy tokens with the margin between the best and the second-best logit, and the logits before them: of all
positions ("logits"), of the last ("last"), or none ("ids"). They go on from two random rows, or from the ids given. Needs
Debian's python3-torch.

The directory holds model.safetensors and config.json, made by tools/make-checkpoint.ts or downloaded. The forward pass
below works on the file's own tensors (fused c_attn, Conv1D as x @ W + b), so that it shares nothing with the code that
renames, splits and transposes them.
"""
import hashlib
import json
import os
import struct
import sys

import torch
import torch.nn.functional as F

TYPES = dict(F32=torch.float32, F16=torch.float16, BF16=torch.bfloat16)


def load(path):
    with open(path, "rb") as file:
        raw = file.read()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    header.pop("__metadata__", None)
    data = memoryview(bytearray(raw[8 + length:]))
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = torch.frombuffer(data[begin:end], dtype=TYPES[entry["dtype"]])
        tensors[name.removeprefix("transformer.")] = values.view(entry["shape"]).float()
    return tensors, hashlib.sha256(raw).hexdigest(), len(raw)


def conv1d(w, name, x):
    return x @ w[name + ".weight"] + w[name + ".bias"]


def layer_norm(w, name, x):
    return F.layer_norm(x, x.shape[-1:], w[name + ".weight"], w[name + ".bias"], 1e-5)


def forward(w, config, idx):
    b, t = idx.shape
    d, heads = config["n_embd"], config["n_head"]
    future = torch.ones(t, t).triu(1).bool()
    x = w["wte.weight"][idx] + w["wpe.weight"][:t]
    for i in range(config["n_layer"]):
        h = f"h.{i}."
        qkv = conv1d(w, h + "attn.c_attn", layer_norm(w, h + "ln_1", x))
        q, k, v = (z.view(b, t, heads, d // heads).transpose(1, 2) for z in qkv.split(d, dim=2))
        scores = (q @ k.transpose(2, 3) / (d // heads) ** 0.5).masked_fill(future, -torch.inf)
        mixed = (torch.softmax(scores, -1) @ v).transpose(1, 2).reshape(b, t, d)
        x = x + conv1d(w, h + "attn.c_proj", mixed)
        inner = F.gelu(conv1d(w, h + "mlp.c_fc", layer_norm(w, h + "ln_2", x)), approximate="tanh")
        x = x + conv1d(w, h + "mlp.c_proj", inner)
    return layer_norm(w, "ln_f", x) @ w.get("lm_head.weight", w["wte.weight"]).T


def digits(row):
    """Nine digits are all that a float32 has."""
    return [float(f"{value:.9g}") for value in row.tolist()]


@torch.no_grad()
def main(what, directory, given=None):
    with open(os.path.join(directory, "config.json")) as file:
        config = json.load(file)
    w, sha256, size = load(os.path.join(directory, "model.safetensors"))
    generator = torch.Generator().manual_seed(2000)
    idx = torch.randint(0, config["vocab_size"], (2, 7), generator=generator)
    if given:
        idx = torch.tensor([[int(token) for token in given.split(",")]])
    out = dict(sha256=sha256, bytes=size, n_head=config["n_head"], idx=idx.tolist())
    logits = forward(w, config, idx)
    if what == "logits":
        out["logits"] = [[digits(row) for row in sequence] for sequence in logits]
    if what == "last":
        out["last_logits"] = [digits(sequence[-1]) for sequence in logits]
    margins, ids = [], idx
    for _ in range(20):
        top = forward(w, config, ids[:, -config["n_positions"]:])[:, -1].topk(2, dim=-1)
        margins.append((top.values[:, 0] - top.values[:, 1]).tolist())
        ids = torch.cat((ids, top.indices[:, :1]), dim=1)
    out.update(generated=ids.tolist(), margins=margins)
    json.dump(out, sys.stdout)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
