import { describe, expect, it } from "vitest";
import { attentionWeights } from "../kernels/attention-weights.ts";
import { type Mask, attentionWeights as reference } from "../reference/causal-attention.ts";
import { guarded, unwritten } from "../test/guarded.ts";
import { expectClose } from "../test/matchers.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { asFloats } from "../test/run-kernel.ts";
import { nanBits, randomValues } from "../test/values.ts";

interface Shape {
  num_tokens: number;
  n_heads: number;
  head_dim: number;
  first: number;
}

/** Weights [n_heads, shown, shown] of the second of three layers; fails where anything else is written. */
function run(build: Build, q: Float32Array, k: Float32Array, shape: Shape, mask: Mask): Float32Array {
  const { head_dim, ...dims } = shape;
  const size = dims.n_heads * (dims.num_tokens - dims.first) ** 2;
  const { weights } = runCpuKernel(
    build,
    attentionWeights.scalar,
    { q: guarded(q), k: guarded(k), weights: unwritten(3 * size) },
    { ...dims, layer: 1 },
    { causal: Number(mask === "causal"), head_dim },
  );
  const values = asFloats(weights);
  expect(values.subarray(0, size)).toEqual(nanBits(size));
  expect(values.subarray(2 * size)).toEqual(unwritten(size));
  return values.subarray(size, 2 * size);
}

/** The reference's weights [n_heads, T, T], without the queries and keys before `first`. */
function expected(q: Float32Array, k: Float32Array, shape: Shape, mask: Mask): number[] {
  const { num_tokens, n_heads, head_dim, first } = shape;
  const all = reference(q, k, { batch: 1, num_tokens, cache_len: 0, n_heads, head_dim }, mask);
  return [...all].filter((_, i) => {
    const key = i % num_tokens;
    const query = Math.floor(i / num_tokens) % num_tokens;
    return key >= first && query >= first;
  });
}

describe.each(buildNames)("%s", (build) => {
  describe.each([
    { num_tokens: 1, n_heads: 1, head_dim: 1, first: 0 },
    { num_tokens: 5, n_heads: 3, head_dim: 5, first: 0 },
    { num_tokens: 65, n_heads: 2, head_dim: 12, first: 1 }, // keys: one over a workgroup
    { num_tokens: 150, n_heads: 2, head_dim: 8, first: 86 },
    { num_tokens: 22, n_heads: 12, head_dim: 64, first: 0 },
  ])("$num_tokens tokens, $n_heads heads of $head_dim, from $first on", (shape) => {
    it.each(["causal", "none"] as const)("mask %s", (mask) => {
      const values = shape.num_tokens * shape.n_heads * shape.head_dim;
      const [q, k] = [1, 2].map((seed) => randomValues(values, seed).map((value) => 3 * value));
      expectClose(run(build, q!, k!, shape, mask), expected(q!, k!, shape, mask), { abs: 1e-6, rel: 1e-5 });
    });
  });

  it.each([
    ["rising", (key: number) => -1e4 + (2e4 * key) / 70],
    ["falling", (key: number) => 1e4 - (2e4 * key) / 70],
    ["all low", () => -1e4],
    ["one high", (key: number) => (key === 64 ? 1e4 : -1e4)],
  ])("takes scores from -10,000 to 10,000: %s", (_, score) => {
    const shape = { num_tokens: 71, n_heads: 1, head_dim: 4, first: 0 };
    const q = new Float32Array(71 * 4).fill(128);
    const k = Float32Array.from({ length: 71 * 4 }, (_, i) => Math.round(score(Math.floor(i / 4))) / 256); // exact
    expectClose(run(build, q, k, shape, "causal"), expected(q, k, shape, "causal"), { abs: 1e-6 });
  });
});
