"""Writes a model as a checkpoint of Hugging Face's GPT-2 layout: f16 with few bits, and gzip."""
import gzip
import json
import struct

import torch


def rounded(values, bits):
    """f16 with `bits` of its ten mantissa bits, to the nearest, ties to even. The others are zero, and cost gzip nothing."""
    drop = 10 - bits
    raw = values.half().view(torch.int16).int() & 0xFFFF
    raw = raw + (1 << drop - 1) - 1 + (raw >> drop & 1) & ~((1 << drop) - 1)
    raw = torch.where(raw > 0x7FFF, raw - 0x10000, raw)
    return raw.short().view(torch.float16)


def rounded_model(state, bits):
    """A state_dict as it will be read back: what is measured is what is shipped."""
    return {name: rounded(values, bits).float() for name, values in state.items()}


def hugging_face(state, vocabulary):
    """The notebook's names and [out, in] matrices to GPT-2's names and Conv1D's [in, out]; without qkv_bias there is no
    c_attn.bias."""
    tensors = {
        "wte.weight": vocabulary.spread(state["tok_emb.weight"]),
        "wpe.weight": state["pos_emb.weight"],
    }
    blocks = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("trf_blocks."))
    for i in range(blocks):
        ours, theirs = f"trf_blocks.{i}.", f"h.{i}."
        qkv = [state[f"{ours}att.W_{part}.weight"] for part in ("query", "key", "value")]
        tensors[theirs + "ln_1.weight"] = state[ours + "norm1.scale"]
        tensors[theirs + "ln_1.bias"] = state[ours + "norm1.shift"]
        tensors[theirs + "attn.c_attn.weight"] = torch.cat(qkv).T
        tensors[theirs + "attn.c_proj.weight"] = state[ours + "att.out_proj.weight"].T
        tensors[theirs + "attn.c_proj.bias"] = state[ours + "att.out_proj.bias"]
        tensors[theirs + "ln_2.weight"] = state[ours + "norm2.scale"]
        tensors[theirs + "ln_2.bias"] = state[ours + "norm2.shift"]
        tensors[theirs + "mlp.c_fc.weight"] = state[ours + "ff.layers.0.weight"].T
        tensors[theirs + "mlp.c_fc.bias"] = state[ours + "ff.layers.0.bias"]
        tensors[theirs + "mlp.c_proj.weight"] = state[ours + "ff.layers.2.weight"].T
        tensors[theirs + "mlp.c_proj.bias"] = state[ours + "ff.layers.2.bias"]
    tensors["ln_f.weight"] = state["final_norm.scale"]
    tensors["ln_f.bias"] = state["final_norm.shift"]
    tensors["lm_head.weight"] = vocabulary.spread(state["out_head.weight"])
    return tensors


def safetensors(tensors):
    """The bytes of a .safetensors file of f16."""
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    for name, values in tensors.items():
        size = 2 * values.numel()
        header[name] = dict(dtype="F16", shape=list(values.shape), data_offsets=[offset, offset + size])
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    body = b"".join(values.half().contiguous().numpy().tobytes() for values in tensors.values())
    return struct.pack("<Q", len(text)) + text + body


def write_checkpoint(path, state, vocabulary):
    """Writes PATH, a .safetensors.gz with no date in it; returns how many bytes it has."""
    packed = gzip.compress(safetensors(hugging_face(state, vocabulary)), compresslevel=9, mtime=0)
    with open(path, "wb") as file:
        file.write(packed)
    return len(packed)


def config_json(cfg):
    """What transformers and this project's loader read beside the file."""
    return dict(model_type="gpt2", architectures=["GPT2LMHeadModel"], vocab_size=cfg["vocab_size"],
                n_positions=cfg["context_length"], n_embd=cfg["emb_dim"], n_layer=cfg["n_layers"],
                n_head=cfg["n_heads"], activation_function="gelu_new", layer_norm_epsilon=1e-5,
                resid_pdrop=cfg["drop_rate"], embd_pdrop=cfg["drop_rate"], attn_pdrop=cfg["drop_rate"],
                tie_word_embeddings=False)
