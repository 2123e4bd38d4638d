"""PyTorch decoding the notebook's model greedily, as fast as it can, to compare a graphics card's figures with.

    python3 pytorch.py [--device cuda] [--context 16] [--tokens 32] [--variants eager]      (PyTorch 1.13 or later; 2 for all variants)

GPT-2 124M from seed 123 in f32 (no TF32), batch 1: keys and values in buffers of fixed size, W_query, W_key and W_value
as one product, the next id chosen on the device and fed back there, one synchronization for all tokens. Variants:

  eager         a kernel after the other, as PyTorch launches them
  compile       torch.compile, without CUDA graphs (PyTorch 2)
  CUDA graph    the eager step, captured once and replayed (on CUDA)

Before a variant is timed, its ids must be those of the notebook's own loop, which keeps nothing. Compare with
`npm run bench -- --only decode` (or --node) on the same card.
"""
import argparse
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


class Decoder:
    """One token a step. All it reads and writes stands still in memory, so that a step can be captured."""

    def __init__(self, model, device):
        cfg = model.cfg
        self.heads, self.length = cfg["n_heads"], cfg["context_length"]
        self.model = model.to(device).eval()
        self.qkv = [torch.cat([b.att.W_query.weight, b.att.W_key.weight, b.att.W_value.weight]) for b in model.trf_blocks]
        shape = (cfg["n_layers"], 2, 1, self.heads, self.length, cfg["emb_dim"] // self.heads)
        self.cache = torch.zeros(shape, device=device)  # [layer, k or v, 1, head, position, head_dim]
        self.position = torch.zeros(1, dtype=torch.long, device=device)
        self.id = torch.zeros(1, dtype=torch.long, device=device)
        self.positions = torch.arange(self.length, device=device)

    def step(self):
        """Reads self.id at self.position; leaves the next id and position there."""
        m = self.model
        x = m.tok_emb(self.id) + m.pos_emb(self.position)  # [1, emb_dim]
        seen = (self.positions <= self.position).view(1, 1, 1, -1)
        for block, qkv, cache in zip(m.trf_blocks, self.qkv, self.cache):
            q, k, v = F.linear(norm(block.norm1, x), qkv).view(3, 1, self.heads, 1, -1)
            cache[0].index_copy_(2, self.position, k)
            cache[1].index_copy_(2, self.position, v)
            mixed = attend(q, cache[0], cache[1], seen)
            x = x + block.att.out_proj(mixed.reshape(1, -1))
            x = x + block.ff(norm(block.norm2, x))
        self.id.copy_(m.out_head(norm(m.final_norm, x)).argmax(-1))
        self.position += 1

    def run(self, step, prompt, tokens):
        """The ids that follow `prompt`, and the seconds that those after the first took."""
        self.position.zero_()
        for token in prompt:  # one by one: this is not about prefill
            self.id.fill_(token)
            step()
        ids = [self.id.clone()]
        synchronize(self.id.device)
        start = time.perf_counter()
        for _ in range(tokens - 1):
            step()
            ids.append(self.id.clone())
        synchronize(self.id.device)
        return torch.cat(ids).tolist(), time.perf_counter() - start


def norm(layer, x):
    return F.layer_norm(x, layer.scale.shape, layer.scale, layer.shift, 1e-5)


def attend(q, k, v, seen):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
    scores = (q @ k.transpose(2, 3) * q.shape[-1] ** -0.5).masked_fill(~seen, float("-inf"))
    return torch.softmax(scores, -1) @ v


def synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


def captured(decoder):
    """The step as a CUDA graph, warmed up on a side stream as PyTorch asks."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            decoder.step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        decoder.step()
    return graph.replay


def variants(decoder, device, names):
    if "eager" in names:
        yield "eager", decoder.step
    if "compile" in names and hasattr(torch, "compile"):
        yield "compile", torch.compile(decoder.step, mode="max-autotune-no-cudagraphs")
    if "CUDA graph" in names and device.type == "cuda":
        yield "CUDA graph", captured(decoder)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options.add_argument("--context", type=int, default=16, help="tokens before the first that is timed")
    options.add_argument("--tokens", type=int, default=32)
    options.add_argument("--variants", default="eager,compile,CUDA graph", help="those to time, by name, with commas between")
    asked = options.parse_args()
    device = torch.device(asked.device)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False

    model, _ = seeded(GPT_CONFIG_124M, 123)
    prompt = (PROMPT * asked.context)[: asked.context]
    with torch.no_grad():
        ids, _ = generate_text_simple(model, torch.tensor([prompt]), asked.tokens, model.cfg["context_length"])
    expected = ids[0, len(prompt):].tolist()

    name = torch.cuda.get_device_name() if device.type == "cuda" else "the processor"
    print(f"PyTorch {torch.__version__} on {name}, f32, {asked.tokens - 1} tokens after {asked.context}")
    with torch.inference_mode():
        decoder = Decoder(model, device)
        for label, step in variants(decoder, device, asked.variants.split(",")):
            said, _ = decoder.run(step, prompt, asked.tokens)  # warms up, too
            if said != expected:
                raise SystemExit(f"{label} says {said}, the notebook's loop {expected}: nothing was timed.")
            ms = [decoder.run(step, prompt, asked.tokens)[1] * 1000 / (asked.tokens - 1) for _ in range(ROUNDS)]
            print(f"{label:12}{statistics.median(ms):9.3f} ms a token ({min(ms):.3f} to {max(ms):.3f})")


if __name__ == "__main__":
    main()
