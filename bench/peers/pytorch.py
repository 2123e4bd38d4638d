"""PyTorch decoding the notebook's model greedily, as fast as it can, to compare a graphics card's figures with.

    python3 pytorch.py [--context 16 960] [--precision f32 f16] [--variants eager "CUDA graph"]

GPT-2 124M from seed 123, batch 1, f32 without TF32 or weights and activations in f16: keys and values in buffers of fixed
size, no longer than the text will be; W_query, W_key and W_value as one product; the next id chosen on the device and fed
back there, one synchronization for all tokens. PyTorch 1.13 or later; 2 for all variants, and CUDA for the graphs:

  eager                a kernel after the other, as PyTorch launches them
  CUDA graph           the eager step, captured once and replayed
  compile              torch.compile, which takes a minute
  compile, CUDA graph  what was compiled, captured and replayed

each with attention as scaled_dot_product_attention and, in the lines that say so, as two products and a softmax: which of
them is the faster for a single query depends on the card.

Before a variant is timed, it is fed the ids of the notebook's own loop, which keeps nothing, and must choose the same: in f32
exactly, in f16 ids whose logits are that close to the largest. Compare with `npm run bench -- --only decode` (or --node)
on the same card.
"""
import argparse
import copy
import pathlib
import statistics
import sys
import time

import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "parity"))
from reference import GPT_CONFIG_124M, generate_text_simple, seeded

PROMPT = [15496, 11, 314, 716]  # "Hello, I am"
ROUNDS = 5
VARIANTS = ["eager", "CUDA graph", "compile", "compile, CUDA graph"]
# The type, and how much smaller than the largest f32 logit that of a chosen id may be.
PRECISIONS = {"f32": (torch.float32, 0.0), "f16": (torch.float16, 0.01), "bf16": (torch.bfloat16, 0.08)}


class Decoder:
    """One token a step. All it reads and writes stands still in memory, so that a step can be captured."""

    def __init__(self, model, length, attend):
        cfg, p = model.cfg, model.tok_emb.weight
        self.heads, self.attend = cfg["n_heads"], attend
        self.model = model
        self.qkv = [torch.cat([b.att.W_query.weight, b.att.W_key.weight, b.att.W_value.weight]) for b in model.trf_blocks]
        shape = (cfg["n_layers"], 2, 1, self.heads, length, cfg["emb_dim"] // self.heads)
        self.cache = torch.zeros(shape, device=p.device, dtype=p.dtype)  # [layer, k or v, 1, head, position, head_dim]
        self.position = torch.zeros(1, dtype=torch.long, device=p.device)
        self.id = torch.zeros(1, dtype=torch.long, device=p.device)
        self.positions = torch.arange(length, device=p.device)

    def step(self):
        """Reads self.id at self.position; leaves the next id and position there."""
        m = self.model
        x = m.tok_emb(self.id) + m.pos_emb(self.position)  # [1, emb_dim]
        seen = (self.positions <= self.position).view(1, 1, 1, -1)
        for block, qkv, cache in zip(m.trf_blocks, self.qkv, self.cache):
            q, k, v = F.linear(norm(block.norm1, x), qkv).view(3, 1, self.heads, 1, -1)
            cache[0].index_copy_(2, self.position, k)
            cache[1].index_copy_(2, self.position, v)
            mixed = self.attend(q, cache[0], cache[1], seen)
            x = x + block.att.out_proj(mixed.reshape(1, -1))
            x = x + block.ff(norm(block.norm2, x))
        self.id.copy_(m.out_head(norm(m.final_norm, x)).argmax(-1))
        self.position.add_(1)

    def follow(self, step, ids):
        """What the step chooses after each of `ids`, which it is fed one by one."""
        self.position.zero_()
        said = []
        for token in ids:
            self.id.fill_(token)
            step()
            said.append(self.id.clone())
        return torch.cat(said).tolist()

    def seconds(self, step, tokens):
        """How long so many steps take behind what was read last."""
        synchronize(self.id.device)
        start = time.perf_counter()
        for _ in range(tokens):
            step()
        synchronize(self.id.device)
        return time.perf_counter() - start


def norm(layer, x):
    return F.layer_norm(x, layer.scale.shape, layer.scale, layer.shift, 1e-5)


def two_products(q, k, v, seen):
    scores = (q @ k.transpose(2, 3) * q.shape[-1] ** -0.5).masked_fill(~seen, float("-inf"))
    return torch.softmax(scores, -1) @ v


def attentions():
    if hasattr(F, "scaled_dot_product_attention"):
        yield "", lambda q, k, v, seen: F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    yield "two products", two_products


def synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


def captured(decoder, step):
    """The step as a CUDA graph, warmed up on a side stream as PyTorch asks."""
    decoder.position.zero_()
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def make(variant, decoder):
    step = decoder.step
    if "compile" in variant:
        torch.compiler.reset()  # after eight decoders it would leave the ninth as it is, without a word
        step = torch.compile(step)
        decoder.follow(step, [0])  # compiles, which a capture must not
    return captured(decoder, step) if "CUDA graph" in variant else step


def can_run(variant, device):
    return ("compile" not in variant or hasattr(torch, "compile")) and ("graph" not in variant or device.type == "cuda")


def time_variant(variant, decoder, expected, context, tolerance):
    """Milliseconds a token, round by round. `expected`: all ids, and the f32 logits behind each, [position, vocab_size]."""
    ids, logits = expected
    step = make(variant, decoder)
    said = decoder.follow(step, ids[:-1])[context - 1:]
    right = ids[context:]
    behind = [(row.max() - row[token]).item() for row, token in zip(logits[context - 1:], said)]
    same = sum(a == b for a, b in zip(said, right))
    if (tolerance == 0 and said != right) or max(behind) > tolerance:
        raise SystemExit(f"{variant} says {said}, the notebook's loop {right}: nothing was timed.")
    tokens = len(right) - 1
    ms = []
    for _ in range(ROUNDS):
        decoder.follow(step, ids[:context])
        ms.append(decoder.seconds(step, tokens) * 1000 / tokens)
    return ms, f"{same} of {len(right)} ids are the notebook's"


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options.add_argument("--context", type=int, nargs="+", default=[16], help="tokens before the first that is timed")
    options.add_argument("--tokens", type=int, default=24)
    options.add_argument("--precision", choices=PRECISIONS, nargs="+", default=["f32"])
    options.add_argument("--variants", choices=VARIANTS, nargs="+", default=VARIANTS)
    asked = options.parse_args()
    device = torch.device(asked.device)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    name = torch.cuda.get_device_name() if device.type == "cuda" else "the processor"
    print(f"PyTorch {torch.__version__} on {name}", flush=True)

    model = seeded(GPT_CONFIG_124M, 123)[0].to(device).eval()  # drawn on the processor, whose generator is the notebook's
    for context in asked.context:
        if context + asked.tokens > model.cfg["context_length"]:
            options.error(f"{context} and {asked.tokens} tokens are more than the model can look at.")
    with torch.no_grad():
        for precision in asked.precision:
            dtype, tolerance = PRECISIONS[precision]
            kept = copy.deepcopy(model).to(dtype)
            for context in asked.context:
                prompt = torch.tensor([(PROMPT * context)[:context]], device=device)
                ids, _ = generate_text_simple(model, prompt, asked.tokens, model.cfg["context_length"])
                expected = ids[0].tolist(), model(ids[:, :-1])[0]
                length = -(-ids.shape[1] // 8) * 8
                print(f"{precision}, {asked.tokens - 1} tokens after {context}", flush=True)
                for variant in asked.variants:
                    for attention, attend in attentions():
                        if not can_run(variant, device):
                            continue
                        ms, check = time_variant(variant, Decoder(kept, length, attend), expected, context, tolerance)
                        label = ", ".join(filter(None, [variant, attention]))
                        spread = f"{min(ms):.3f} to {max(ms):.3f}"
                        print(f"  {label:34}{statistics.median(ms):9.3f} ms a token ({spread}); {check}", flush=True)


if __name__ == "__main__":
    main()
