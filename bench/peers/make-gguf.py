"""The notebook's model as a GGUF file, for llama.cpp.

    /usr/bin/python3 make-gguf.py FOLDER    (Debian's python3-torch; a few seconds and 2 GB)

Reads {"tokens": [...], "merges": [...]}, GPT-2's vocabulary as its vocab.json and merges.txt write it, from standard
input. Writes FOLDER/model.gguf, version 3, f32: keys, then the names and shapes of the tensors, then their values. A
shape is written from the last dimension to the first, so that of a Linear is (in, out).
"""
import json
import pathlib
import struct
import sys

import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "parity"))
from reference import GPT_CONFIG_124M, seeded

ALIGNMENT = 32  # of tensors, unless a key says otherwise
U32, I32, F32, STRING, ARRAY = 4, 5, 6, 8, 9  # the types of values
NORMAL, CONTROL = 1, 3  # the types of tokens


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value(kind, v):
    return string(v) if kind == STRING else struct.pack({U32: "<I", I32: "<i", F32: "<f"}[kind], v)


def key(name, kind, v):
    return string(name) + struct.pack("<I", kind) + value(kind, v)


def array(name, kind, values):
    head = string(name) + struct.pack("<IIQ", ARRAY, kind, len(values))
    return head + b"".join(value(kind, v) for v in values)


def keys(cfg, vocabulary):
    end = cfg["vocab_size"] - 1
    return [
        key("general.architecture", STRING, "gpt2"),
        key("gpt2.context_length", U32, cfg["context_length"]),
        key("gpt2.embedding_length", U32, cfg["emb_dim"]),
        key("gpt2.feed_forward_length", U32, 4 * cfg["emb_dim"]),
        key("gpt2.block_count", U32, cfg["n_layers"]),
        key("gpt2.attention.head_count", U32, cfg["n_heads"]),
        key("gpt2.attention.layer_norm_epsilon", F32, 1e-5),
        key("tokenizer.ggml.model", STRING, "gpt2"),
        key("tokenizer.ggml.pre", STRING, "gpt-2"),
        array("tokenizer.ggml.tokens", STRING, vocabulary["tokens"]),
        array("tokenizer.ggml.token_type", I32, [NORMAL] * end + [CONTROL]),
        array("tokenizer.ggml.merges", STRING, vocabulary["merges"]),
        key("tokenizer.ggml.bos_token_id", U32, end),
        key("tokenizer.ggml.eos_token_id", U32, end),
    ]


def tensors(model):
    def norm(name, layer):
        return {f"{name}.weight": layer.scale, f"{name}.bias": layer.shift}

    def linear(name, layer):
        return {f"{name}.weight": layer.weight, f"{name}.bias": layer.bias}

    out = {"token_embd.weight": model.tok_emb.weight, "position_embd.weight": model.pos_emb.weight}
    for n, block in enumerate(model.trf_blocks):
        att = block.att
        qkv = torch.cat((att.W_query.weight, att.W_key.weight, att.W_value.weight))
        out.update(norm(f"blk.{n}.attn_norm", block.norm1))
        out.update({f"blk.{n}.attn_qkv.weight": qkv, f"blk.{n}.attn_qkv.bias": torch.zeros(qkv.shape[0])})
        out.update(linear(f"blk.{n}.attn_output", att.out_proj))
        out.update(norm(f"blk.{n}.ffn_norm", block.norm2))
        out.update(linear(f"blk.{n}.ffn_up", block.ff.layers[0]))
        out.update(linear(f"blk.{n}.ffn_down", block.ff.layers[2]))
    out.update(norm("output_norm", model.final_norm))
    out["output.weight"] = model.out_head.weight
    return {name: tensor.detach().contiguous() for name, tensor in out.items()}


def write(path, keys, tensors):
    padded = lambda length: -length % ALIGNMENT
    infos, offset = [], 0
    for name, t in tensors.items():
        shape = t.shape[::-1]
        infos.append(string(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, offset))  # 0 is f32
        offset += t.numel() * 4 + padded(t.numel() * 4)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys)) + b"".join(keys) + b"".join(infos)
    with open(path, "wb") as file:
        file.write(head + bytes(padded(len(head))))
        for t in tensors.values():
            file.write(t.numpy().tobytes())
            file.write(bytes(padded(t.numel() * 4)))


if __name__ == "__main__":
    model, _ = seeded(GPT_CONFIG_124M, 123)
    path = pathlib.Path(sys.argv[1]) / "model.gguf"
    write(path, keys(GPT_CONFIG_124M, json.load(sys.stdin)), tensors(model))
