import type { Engine } from "../../src/gpu/engine.ts";
import { type AttentionVariant, flashAttention } from "../../src/kernels/flash-attention.ts";
import { causalAttention as reference } from "../../src/reference/causal-attention.ts";
import { type Ladder, noise, type Rung } from "./rung.ts";

const [n_heads, head_dim, capacity] = [12, 64, 1024];
const emb_dim = n_heads * head_dim;
const names: Record<AttentionVariant, string> = {
  workgroup: "a workgroup a query, which meets at barriers",
  quad: "four threads for four queries, no barrier",
};
const files: Record<AttentionVariant, string> = {
  workgroup: "shaders/attention/flash-attention.wgsl",
  quad: "shaders/attention/flash-attention-quad.wgsl",
};

/** Attention of `num_tokens` queries after `cache_len` others, in one layer of GPT-2. */
export function attentionLadder({ gpu }: Engine, num_tokens: number, cache_len: number): Ladder {
  const rows = noise(num_tokens * emb_dim, 1);
  const keys = noise((cache_len + num_tokens) * emb_dim, 2);
  const mixed = noise((cache_len + num_tokens) * emb_dim, 3);
  const dims = { batch: 1, num_tokens, cache_len, n_heads, head_dim };
  const values = reference(rows, keys, mixed, dims, "causal");
  // Means of values below 1, by weights of scores below 8: a score is off by some 2^-20, and so is its weight.
  const expected = { values, bounds: values.map(() => 1e-5) };

  const upload = (
    label: string,
    data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
    bytes: number,
  ) => {
    const buffer = gpu.createStorage(label, bytes);
    gpu.device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  };
  const buffers = {
    q: upload("ladder q", rows, rows.byteLength),
    k: upload("ladder k", keys, capacity * emb_dim * 4),
    v: upload("ladder v", mixed, capacity * emb_dim * 4),
    cache_len: upload("ladder cache_len", Uint32Array.of(cache_len), 4),
    y: gpu.createStorage("ladder y", rows.byteLength),
  };
  const rung = (variant: AttentionVariant): Rung => ({
    name: names[variant],
    file: files[variant],
    subgroups: variant === "quad",
    expected,
    record: (recording) =>
      recording.add(
        flashAttention[variant].vec4,
        buffers,
        {
          batch: 1,
          num_tokens,
          n_heads,
          head_dim,
          capacity,
          dropout_seed: 0,
          keep_threshold: 0,
          keep_prob_bits: 0,
        },
        { causal: 1, dropout: 0 },
      ),
  });
  return {
    title: `Attention: ${num_tokens} ${num_tokens === 1 ? "query" : "queries"} after ${cache_len} tokens, 12 heads of 64`,
    output: buffers.y,
    rungs: [rung("workgroup"), rung("quad")],
    destroy: () => {
      for (const buffer of Object.values(buffers)) gpu.destroyBuffer(buffer);
    },
  };
}
