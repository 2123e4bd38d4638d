import { describe, expect, it } from "vitest";
import { qkv } from "../kernels/linear.ts";
import { matmul } from "../reference/matmul.ts";
import { expectSame, expectWithin } from "../test/expect-within.ts";
import { boundedLinear } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { randomIntegers } from "../test/integers.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

interface QKVDims {
  batch: number;
  num_tokens: number;
  emb_dim: number;
  cache_len: number;
  capacity: number;
}

/** What the kernel leaves in q [batch, num_tokens, emb_dim] and in the caches k, v [batch, capacity, emb_dim]. */
function run(
  build: Build,
  { x, w, bias }: Record<"x" | "w", Float32Array> & { bias?: Float32Array },
  { batch, num_tokens, emb_dim, cache_len, capacity }: QKVDims,
  partEnds = [3 * emb_dim],
): Record<"q" | "k" | "v", Float32Array> {
  const inputs = {
    x: guarded(x),
    bias: bias ? guarded(bias) : unwritten(1),
    cache_len: Uint32Array.of(cache_len),
  };
  const lengths = { q: batch * num_tokens * emb_dim, cache: batch * capacity * emb_dim };
  let outputs: Record<"q" | "k" | "v", Float32Array | Uint32Array> = {
    q: unwritten(lengths.q),
    k: unwritten(lengths.cache),
    v: unwritten(lengths.cache),
  };
  let first_out = 0;
  for (const end of partEnds) {
    const part = guarded(w.subarray(first_out * emb_dim, end * emb_dim));
    const product = { num_rows: batch * num_tokens, in_dim: emb_dim, out_dim: end - first_out, first_out };
    const has_bias = Number(bias !== undefined);
    const { q, k, v } = runCpuKernel(
      build,
      qkv.matmulRegister.scalar,
      { ...inputs, w: part, ...outputs },
      { ...product, num_tokens, capacity },
      { has_bias },
    );
    outputs = { q, k, v };
    first_out = end;
  }
  return {
    q: written(outputs.q as Uint32Array, lengths.q),
    k: written(outputs.k as Uint32Array, lengths.cache),
    v: written(outputs.v as Uint32Array, lengths.cache),
  };
}

/** Column block 0, 1 or 2 (q, k or v) of the product [rows, 3 * emb_dim]. */
const block = (product: ArrayLike<number>, index: number, emb_dim: number): Float64Array =>
  Float64Array.from(product).filter((_, i) => Math.floor((i % (3 * emb_dim)) / emb_dim) === index);

/** The rows that were appended to a cache; fails if any other row was written. */
function appended(
  cache: Float32Array,
  { batch, num_tokens, emb_dim, cache_len, capacity }: QKVDims,
): Float32Array {
  const isNew = (_: number, i: number) => {
    const position = Math.floor(i / emb_dim) % capacity;
    return position >= cache_len && position < cache_len + num_tokens;
  };
  const others = cache.filter((value, i) => !isNew(value, i));
  expect(others.length).toBe(batch * (capacity - num_tokens) * emb_dim);
  expect(others.every(Number.isNaN), "the rest of the cache is left alone").toBe(true);
  return cache.filter(isNew);
}

describe.each(buildNames)("%s", (build) => {
  describe.each([
    { batch: 1, num_tokens: 1, emb_dim: 1, cache_len: 0, capacity: 1 },
    { batch: 1, num_tokens: 1, emb_dim: 7, cache_len: 5, capacity: 6 },
    { batch: 2, num_tokens: 2, emb_dim: 12, cache_len: 3, capacity: 9 },
    { batch: 4, num_tokens: 1, emb_dim: 65, cache_len: 2, capacity: 5 },
    { batch: 1, num_tokens: 3, emb_dim: 68, cache_len: 0, capacity: 4 },
    { batch: 3, num_tokens: 7, emb_dim: 20, cache_len: 4, capacity: 12 },
    { batch: 2, num_tokens: 33, emb_dim: 9, cache_len: 0, capacity: 33 },
    { batch: 2, num_tokens: 2, emb_dim: 768, cache_len: 6, capacity: 9 },
  ])("$batch x $num_tokens tokens of $emb_dim after $cache_len, capacity $capacity", (attention) => {
    const { batch, num_tokens, emb_dim } = attention;
    const num_rows = batch * num_tokens;
    const dims = { num_rows, in_dim: emb_dim, out_dim: 3 * emb_dim };
    const make = (values: (length: number, seed: number) => Float32Array) => ({
      x: values(num_rows * emb_dim, 1),
      w: values(3 * emb_dim * emb_dim, 2),
      bias: values(3 * emb_dim, 3),
    });

    it("exactly for integers, in parts", () => {
      const { x, w, bias } = make(randomIntegers);
      const parts = [Math.ceil(emb_dim / 2), emb_dim + 1, 3 * emb_dim]; // in q, in k, and the rest
      const { q, k, v } = run(build, { x, w, bias }, attention, [...new Set(parts)]);
      const product = matmul(x, w, dims, bias);
      expectSame(q, block(product, 0, emb_dim));
      expectSame(appended(k, attention), block(product, 1, emb_dim));
      expectSame(appended(v, attention), block(product, 2, emb_dim));
    });

    it("with outliers, no bias", () => {
      const { x, w } = make((length, seed) => randomValues(length, seed, { outliers: true }));
      const { q, k, v } = run(build, { x, w }, attention);
      const { expected, bound } = boundedLinear(x, w, dims);
      const part = (index: number) => ({
        expected: block(expected, index, emb_dim),
        bound: block(bound, index, emb_dim),
      });
      expectWithin(q, part(0));
      expectWithin(appended(k, attention), part(1));
      expectWithin(appended(v, attention), part(2));
    });
  });
});
