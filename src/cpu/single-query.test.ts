import { describe, it } from "vitest";
import { flashAttention } from "../kernels/flash-attention.ts";
import type { AttentionDims } from "../reference/causal-attention.ts";
import { dropoutDims } from "../test/dropout-dims.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedAttention } from "../test/f32-bounds.ts";
import { guarded, inCaches, unwritten, written } from "../test/guarded.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

interface Inputs {
  q: Float32Array; // [batch, emb_dim]
  k: Float32Array; // [batch, cache_len + 1, emb_dim]
  v: Float32Array;
}

/** y [batch, emb_dim]. */
function run(
  build: Build,
  { q, k, v }: Inputs,
  { batch, num_tokens, cache_len, n_heads, head_dim }: AttentionDims,
  spare = 0,
): Float32Array {
  const emb_dim = n_heads * head_dim;
  const capacity = cache_len + num_tokens + spare;
  const { y } = runCpuKernel(
    build,
    flashAttention.workgroup.scalar,
    {
      q: guarded(q),
      k: guarded(inCaches(k, batch, capacity * emb_dim)),
      v: guarded(inCaches(v, batch, capacity * emb_dim)),
      cache_len: Uint32Array.of(cache_len),
      y: unwritten(q.length),
    },
    { batch, num_tokens, n_heads, head_dim, capacity, ...dropoutDims(1, 0) },
    { causal: 1, dropout: 0 },
  );
  return written(y, q.length);
}

function inputs({ batch, cache_len, n_heads, head_dim }: AttentionDims, scale: number): Inputs {
  const keys = batch * (cache_len + 1) * n_heads * head_dim;
  return {
    q: randomValues(batch * n_heads * head_dim, 1).map((value) => scale * value),
    k: randomValues(keys, 2).map((value) => scale * value),
    v: randomValues(keys, 3, { outliers: true }),
  };
}

describe.each(buildNames)("%s", (build) => {
  it.each([
    { batch: 1, cache_len: 0, n_heads: 1, head_dim: 1, spare: 0 },
    { batch: 2, cache_len: 2, n_heads: 3, head_dim: 5, spare: 2 },
    { batch: 3, cache_len: 3, n_heads: 1, head_dim: 65, spare: 1 },
    { batch: 1, cache_len: 4, n_heads: 2, head_dim: 68, spare: 0 },
    { batch: 1, cache_len: 63, n_heads: 12, head_dim: 64, spare: 0 },
    { batch: 3, cache_len: 129, n_heads: 12, head_dim: 64, spare: 4 },
    { batch: 1, cache_len: 1001, n_heads: 2, head_dim: 64, spare: 22 },
  ])("$batch rows after $cache_len, $n_heads heads of $head_dim, spare $spare", ({ spare, ...shape }) => {
    const dims = { ...shape, num_tokens: 1 };
    for (const scale of [3, 70]) {
      const { q, k, v } = inputs(dims, scale);
      expectWithin(run(build, { q, k, v }, dims, spare), boundedAttention(q, k, v, dims, "causal"));
    }
  });

  it.each([
    { name: "rising", score: (key: number) => -1e4 + (2e4 * key) / 129 },
    { name: "falling", score: (key: number) => 1e4 - (2e4 * key) / 129 },
    { name: "all low", score: () => -1e4 },
    { name: "one high", score: (key: number) => (key === 64 ? 1e4 : -1e4) },
  ])("with scores from -10,000 to 10,000, $name", ({ score }) => {
    const dims = { batch: 1, num_tokens: 1, cache_len: 129, n_heads: 1, head_dim: 4 };
    // All channels the same, so a score is 4 * 100 * channel / sqrt(4).
    const k = Float32Array.from({ length: 130 * 4 }, (_, i) => score(Math.floor(i / 4)) / 200);
    const [q, v] = [new Float32Array(4).fill(100), randomValues(130 * 4, 3)];
    expectWithin(run(build, { q, k, v }, dims), boundedAttention(q, k, v, dims, "causal"));
  });
});
