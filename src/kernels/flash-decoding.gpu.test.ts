import { describe, expect, it } from "vitest";
import type { AttentionDims } from "../reference/causal-attention.ts";
import { dropoutDims } from "../test/dropout-dims.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedAttention } from "../test/f32-bounds.ts";
import { guarded, inCaches, unwritten, written } from "../test/guarded.ts";
import { runKernel } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";
import { flashDecoding, flashDecodingCombine, splitsFor } from "./flash-decoding.ts";

type Shape = Pick<AttentionDims, "batch" | "cache_len" | "n_heads" | "head_dim"> & { capacity: number };
interface Inputs {
  q: Float32Array; // [batch, emb_dim]
  k: Float32Array; // [batch, cache_len + 1, emb_dim]
  v: Float32Array;
}

/** The splits as flash-decoding leaves them, NaN where it wrote nothing. */
async function runSplits({ q, k, v }: Inputs, shape: Shape, causal = 1) {
  const { batch, cache_len, n_heads, head_dim, capacity } = shape;
  const emb_dim = n_heads * head_dim;
  const splits = splitsFor(capacity);
  const { partials, stats } = await runKernel(
    flashDecoding,
    {
      q: guarded(q),
      k: guarded(inCaches(k, batch, capacity * emb_dim)),
      v: guarded(inCaches(v, batch, capacity * emb_dim)),
      cache_len: Uint32Array.of(cache_len),
      partials: unwritten(batch * splits * emb_dim),
      stats: unwritten(batch * splits * n_heads * 2),
    },
    { batch, num_tokens: 1, n_heads, head_dim, capacity, ...dropoutDims(1, 0) },
    { causal },
  );
  return {
    partials: written(partials, batch * splits * emb_dim),
    stats: written(stats, batch * splits * n_heads * 2),
  };
}

/** y [batch, emb_dim]: of one split as it is, of several combined. */
async function run(inputs: Inputs, shape: Shape, causal = 1): Promise<Float32Array> {
  const { batch, cache_len, n_heads, head_dim, capacity } = shape;
  const splits = splitsFor(capacity);
  const { partials, stats } = await runSplits(inputs, shape, causal);
  if (splits === 1) return partials;
  const values = batch * n_heads * head_dim;
  const { y } = await runKernel(
    flashDecodingCombine,
    {
      partials: guarded(partials),
      stats: guarded(stats),
      cache_len: Uint32Array.of(cache_len),
      y: unwritten(values),
    },
    { num_rows: batch, n_heads, head_dim, splits },
  );
  return written(y, values);
}

function inputsFor({ batch, cache_len, n_heads, head_dim }: Shape, scale: number): Inputs {
  const keys = batch * (cache_len + 1) * n_heads * head_dim;
  return {
    q: randomValues(batch * n_heads * head_dim, 1).map((value) => scale * value),
    k: randomValues(keys, 2).map((value) => scale * value),
    v: randomValues(keys, 3, { outliers: true }),
  };
}

const expected = ({ q, k, v }: Inputs, shape: Shape) =>
  boundedAttention(q, k, v, { ...shape, num_tokens: 1 }, "causal");

describe.each([
  { batch: 1, cache_len: 0, n_heads: 1, head_dim: 8, capacity: 1 },
  { batch: 2, cache_len: 5, n_heads: 3, head_dim: 24, capacity: 9 },
  { batch: 1, cache_len: 63, n_heads: 12, head_dim: 64, capacity: 64 },
  { batch: 3, cache_len: 127, n_heads: 2, head_dim: 64, capacity: 128 }, // two rounds, not split
  { batch: 1, cache_len: 0, n_heads: 2, head_dim: 64, capacity: 129 },
  { batch: 2, cache_len: 62, n_heads: 3, head_dim: 40, capacity: 200 },
  { batch: 1, cache_len: 63, n_heads: 2, head_dim: 64, capacity: 192 }, // one split, full
  { batch: 1, cache_len: 64, n_heads: 2, head_dim: 16, capacity: 192 }, // and one key in the next
  { batch: 2, cache_len: 128, n_heads: 5, head_dim: 56, capacity: 1024 },
  { batch: 1, cache_len: 999, n_heads: 12, head_dim: 64, capacity: 1024 },
  { batch: 2, cache_len: 1023, n_heads: 1, head_dim: 48, capacity: 1024 },
])("$batch x a token after $cache_len, room for $capacity, $n_heads heads of $head_dim", (shape) => {
  // A single query sees all keys, with the mask and without.
  it.each([
    ["causal", 1],
    ["none", 0],
  ] as const)("mask %s", async (_, causal) => {
    const inputs = inputsFor(shape, 3);
    expectWithin(await run(inputs, shape, causal), expected(inputs, shape));
  });
});

describe.each([64, 128, 320])("with scores from -10,000 to 10,000, room for %i", (capacity) => {
  const head_dim = 16;
  const length = Math.min(capacity, 200);
  const shape = { batch: 1, cache_len: length - 1, n_heads: 1, head_dim, capacity };
  const v = randomValues(length * head_dim, 3);
  const q = new Float32Array(head_dim).fill(100);

  it.each([
    { name: "at random", score: (key: number) => 1e4 * Math.sin(key * key) },
    { name: "rising", score: (key: number) => -1e4 + (2e4 * key) / 199 },
    { name: "falling", score: (key: number) => 1e4 - (2e4 * key) / 199 },
    { name: "all low", score: () => -1e4 },
    { name: "all high", score: () => 1e4 },
    { name: "one high", score: (key: number) => (key === 63 ? 1e4 : -1e4) },
  ])("$name", async ({ score }) => {
    const channel = (_: unknown, i: number) => score(Math.floor(i / head_dim)) / (100 * Math.sqrt(head_dim));
    const inputs = { q, k: Float32Array.from({ length: length * head_dim }, channel), v };
    expectWithin(await run(inputs, shape), expected(inputs, shape));
  });
});

it("writes no split that has no key", async () => {
  const shape = { batch: 2, cache_len: 64, n_heads: 2, head_dim: 8, capacity: 256 };
  const { partials, stats } = await runSplits(inputsFor(shape, 1), shape);
  const isWritten = (values: Float32Array, perSplit: number) =>
    Array.from({ length: 2 * 4 }, (_, split) =>
      values.subarray(split * perSplit, (split + 1) * perSplit).every((value) => !Number.isNaN(value)),
    );
  const firstTwo = [true, true, false, false, true, true, false, false];
  expect(isWritten(partials, 2 * 8)).toEqual(firstTwo);
  expect(isWritten(stats, 2 * 2)).toEqual(firstTwo);
});

it("starts enough workgroups to fill a card where the keys are many", () => {
  const dims = { batch: 1, num_tokens: 1, n_heads: 12, head_dim: 64 };
  const grid = (capacity: number) =>
    flashDecoding.workgroups({ ...dims, capacity, ...dropoutDims(1, 0) }, {});
  expect(grid(128)).toEqual([1, 12, 1]); // 0.8 MB of keys and values
  expect(grid(1024)).toEqual([16, 12, 1]);
});
