"""Writes a model as a checkpoint of Hugging Face's GPT-2 layout: f16 with few bits, and gzip."""
import gzip
import json
import struct
import zlib

import torch

from model import GPTModel


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


def names(n_layers):
    """Our names, GPT-2's, and whether it is a matrix, which Conv1D stores as [in, out]. c_attn holds three of ours."""
    yield ["tok_emb.weight"], "wte.weight", False
    yield ["pos_emb.weight"], "wpe.weight", False
    for i in range(n_layers):
        ours, theirs = f"trf_blocks.{i}.", f"h.{i}."
        yield [ours + "norm1.scale"], theirs + "ln_1.weight", False
        yield [ours + "norm1.shift"], theirs + "ln_1.bias", False
        yield [f"{ours}att.W_{part}.weight" for part in ("query", "key", "value")], theirs + "attn.c_attn.weight", True
        yield [ours + "att.out_proj.weight"], theirs + "attn.c_proj.weight", True
        yield [ours + "att.out_proj.bias"], theirs + "attn.c_proj.bias", False
        yield [ours + "norm2.scale"], theirs + "ln_2.weight", False
        yield [ours + "norm2.shift"], theirs + "ln_2.bias", False
        yield [ours + "ff.layers.0.weight"], theirs + "mlp.c_fc.weight", True
        yield [ours + "ff.layers.0.bias"], theirs + "mlp.c_fc.bias", False
        yield [ours + "ff.layers.2.weight"], theirs + "mlp.c_proj.weight", True
        yield [ours + "ff.layers.2.bias"], theirs + "mlp.c_proj.bias", False
    yield ["final_norm.scale"], "ln_f.weight", False
    yield ["final_norm.shift"], "ln_f.bias", False
    yield ["out_head.weight"], "lm_head.weight", False


def hugging_face(state, vocabulary):
    """A state_dict over the joined vocabulary as GPT-2's tensors over the whole one; without qkv_bias there is no c_attn.bias."""
    whole = dict(state)
    for name in ("tok_emb.weight", "out_head.weight"):
        whole[name] = vocabulary.spread(state[name])
    blocks = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("trf_blocks."))
    tensors = {}
    for ours, theirs, is_matrix in names(blocks):
        values = torch.cat([whole[name] for name in ours])
        tensors[theirs] = values.T if is_matrix else values
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
    deflate = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS, 9, zlib.Z_FILTERED)  # 16: with gzip's header
    packed = deflate.compress(safetensors(hugging_face(state, vocabulary))) + deflate.flush()
    with open(path, "wb") as file:
        file.write(packed)
    return len(packed)


def read_checkpoint(path, cfg, vocabulary):
    """The model of a file that write_checkpoint wrote, over the joined vocabulary."""
    with gzip.open(path) as file:
        raw = file.read()
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8:8 + length])
    header.pop("__metadata__")
    body = bytearray(raw[8 + length:])

    def read(name):
        begin, end = header[name]["data_offsets"]
        return torch.frombuffer(body[begin:end], dtype=torch.float16).view(header[name]["shape"]).float()

    model = GPTModel(dict(cfg, vocab_size=vocabulary.shared + 1))
    state = {}
    for ours, theirs, is_matrix in names(cfg["n_layers"]):
        values = read(theirs)
        parts = (values.T if is_matrix else values).chunk(len(ours))
        state.update(zip(ours, parts))
    for name in ("tok_emb.weight", "out_head.weight"):
        state[name] = vocabulary.join(state[name])
    model.load_state_dict(state)
    return model


def config_json(cfg):
    """What transformers and this project's loader read beside the file."""
    return dict(model_type="gpt2", architectures=["GPT2LMHeadModel"], vocab_size=cfg["vocab_size"],
                n_positions=cfg["context_length"], n_embd=cfg["emb_dim"], n_layer=cfg["n_layers"],
                n_head=cfg["n_heads"], activation_function="gelu_new", layer_norm_epsilon=1e-5,
                resid_pdrop=cfg["drop_rate"], embd_pdrop=cfg["drop_rate"], attn_pdrop=cfg["drop_rate"],
                tie_word_embeddings=False)
