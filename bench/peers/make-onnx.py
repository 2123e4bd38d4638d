"""The notebook's model as an ONNX file that keeps a KV cache, and what PyTorch says greedily to given prompts.

    /usr/bin/python3 make-onnx.py FOLDER    (Debian's python3-torch; about a minute and 4 GB)

Reads {"prompts": [[id, ...], ...], "tokens": n} from standard input. Writes FOLDER/model.onnx, f32, and
FOLDER/expected.json: for each prompt the n ids that PyTorch appends, without a cache, and the smallest distance
between a first choice and the second.

Inputs:  ids [1, T], positions [1, T], mask [T, P + T] (added to the scores), past_k_N and past_v_N [1, heads, P, 64]
Outputs: logits [1, vocab], of the last position alone, and present_k_N and present_v_N [1, heads, P + T, 64]
"""
import json
import pathlib
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "parity"))
from reference import GPT_CONFIG_124M, generate_text_simple, seeded

OPSET = 17  # the first with LayerNormalization: one operator instead of nine


class Cached(nn.Module):
    """The same modules, called for T new tokens behind P that are in the cache."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, ids, positions, mask, *past):
        x = self.model.tok_emb(ids) + self.model.pos_emb(positions)
        present = []
        for n, block in enumerate(self.model.trf_blocks):
            attended, k, v = self.attend(block.att, norm(block.norm1, x), mask, past[2 * n], past[2 * n + 1])
            present += [k, v]
            x = x + attended
            x = x + block.ff(norm(block.norm2, x))
        return (self.model.out_head(norm(self.model.final_norm, x[:, -1])), *present)

    @staticmethod
    def attend(att, x, mask, past_k, past_v):
        split = lambda z: z.view(1, -1, att.n_heads, att.head_dim).transpose(1, 2)
        q, k, v = split(att.W_query(x)), split(att.W_key(x)), split(att.W_value(x))
        k, v = torch.cat((past_k, k), 2), torch.cat((past_v, v), 2)
        weights = torch.softmax(q @ k.transpose(2, 3) * att.head_dim ** -0.5 + mask, -1)
        return att.out_proj((weights @ v).transpose(1, 2).reshape(1, -1, att.n_heads * att.head_dim)), k, v


def norm(layer, x):
    return F.layer_norm(x, layer.scale.shape, layer.scale, layer.shift, 1e-5)


def export(model, path):
    cfg = model.cfg
    names = [f"{kind}_{n}" for n in range(cfg["n_layers"]) for kind in "kv"]
    past = [torch.zeros(1, cfg["n_heads"], 3, cfg["emb_dim"] // cfg["n_heads"]) for _ in names]
    ids = torch.zeros(1, 2, dtype=torch.int32)
    inputs = ["ids", "positions", "mask", *(f"past_{name}" for name in names)]
    axes = {"ids": {1: "T"}, "positions": {1: "T"}, "mask": {0: "T", 1: "P+T"}}
    axes.update({f"past_{name}": {2: "P"} for name in names}, **{f"present_{name}": {2: "P+T"} for name in names})
    torch.onnx.export(Cached(model).eval(), (ids, ids, torch.zeros(2, 5), *past), str(path), opset_version=OPSET,
                      input_names=inputs, output_names=["logits", *(f"present_{name}" for name in names)],
                      dynamic_axes=axes)


def say(model, prompt, tokens):
    ids, margins = generate_text_simple(model, torch.tensor([prompt]), tokens, model.cfg["context_length"])
    return dict(prompt=prompt, ids=ids[0, len(prompt):].tolist(), margin=min(m[0] for m in margins))


if __name__ == "__main__":
    folder, asked = pathlib.Path(sys.argv[1]), json.load(sys.stdin)
    model, _ = seeded(GPT_CONFIG_124M, 123)
    expected = [say(model, prompt, asked["tokens"]) for prompt in asked["prompts"]]
    (folder / "expected.json").write_text(json.dumps(expected))
    export(model, folder / "model.onnx")
