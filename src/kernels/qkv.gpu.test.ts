import { describe, expect, it } from "vitest";
import { matmul } from "../reference/matmul.ts";
import { expectSame, expectWithin } from "../test/expect-within.ts";
import { boundedLinear } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { randomIntegers } from "../test/integers.ts";
import { type BindingData, runKernel } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";
import { widthOf } from "./chunk.ts";
import { type LinearShape, qkv } from "./linear.ts";

interface Attention {
  batch: number;
  num_tokens: number;
  emb_dim: number;
  past: number;
  capacity: number;
}

interface Variant {
  shape: LinearShape;
  rows?: number;
}

/** What the kernel leaves in q [rows, emb_dim] and the caches k, v [batch, capacity, emb_dim]. */
async function run(
  { shape, rows = 1 }: Variant,
  x: Float32Array,
  w: Float32Array,
  { batch, num_tokens, emb_dim, past, capacity }: Attention,
  bias?: Float32Array,
  partEnds = [3 * emb_dim],
): Promise<Record<"q" | "k" | "v", Float32Array>> {
  const lengths = { q: batch * num_tokens * emb_dim, cache: batch * capacity * emb_dim };
  const constants = { ...(shape !== "matmul" && { rows }), has_bias: Number(bias !== undefined) };
  let outputs: BindingData<"q" | "k" | "v"> = {
    q: unwritten(lengths.q),
    k: unwritten(lengths.cache),
    v: unwritten(lengths.cache),
  };
  let first_out = 0;
  for (const end of partEnds) {
    const part = w.subarray(first_out * emb_dim, end * emb_dim);
    const inputs = { x: guarded(x), w: guarded(part), bias: bias ? guarded(bias) : unwritten(1) };
    const partDims = { in_dim: emb_dim, out_dim: end - first_out, first_out };
    const dims = { num_rows: batch * num_tokens, ...partDims, num_tokens, capacity };
    const data = { ...inputs, past: Uint32Array.of(past), ...outputs };
    const { q, k, v }: BindingData<"q" | "k" | "v"> = await runKernel(
      qkv[shape][widthOf(emb_dim)],
      data,
      dims,
      constants,
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
  { batch, num_tokens, emb_dim, past, capacity }: Attention,
): Float32Array {
  const isNew = (_: number, i: number) => {
    const position = Math.floor(i / emb_dim) % capacity;
    return position >= past && position < past + num_tokens;
  };
  const others = cache.filter((value, i) => !isNew(value, i));
  expect(others.length).toBe(batch * (capacity - num_tokens) * emb_dim);
  expect(others.every(Number.isNaN), "the rest of the cache is left alone").toBe(true);
  return cache.filter(isNew);
}

const cases: Attention[] = [
  { batch: 1, num_tokens: 1, emb_dim: 1, past: 0, capacity: 1 },
  { batch: 1, num_tokens: 1, emb_dim: 7, past: 5, capacity: 6 },
  { batch: 2, num_tokens: 2, emb_dim: 12, past: 3, capacity: 9 },
  { batch: 4, num_tokens: 1, emb_dim: 65, past: 2, capacity: 5 },
  { batch: 1, num_tokens: 3, emb_dim: 68, past: 0, capacity: 4 },
];
const manyTokens: Attention[] = [
  { batch: 3, num_tokens: 7, emb_dim: 20, past: 4, capacity: 12 },
  { batch: 2, num_tokens: 33, emb_dim: 9, past: 0, capacity: 33 },
];

/** matvec takes as many rows as its constant says, the other two any number. */
const variantsFor = ({ batch, num_tokens }: Attention): Variant[] => [
  { shape: "matmul" },
  { shape: "matmulByThread", rows: 1 },
  { shape: "matmulByThread", rows: 4 },
  ...(batch * num_tokens <= 4 ? [{ shape: "matvec", rows: batch * num_tokens } as const] : []),
];

describe.each([...cases, ...manyTokens])(
  "$batch x $num_tokens tokens of $emb_dim after $past, capacity $capacity",
  (attention) => {
    const { batch, num_tokens, emb_dim } = attention;
    const num_rows = batch * num_tokens;
    const dims = { num_rows, in_dim: emb_dim, out_dim: 3 * emb_dim };
    const make = (values: (length: number, seed: number) => Float32Array) => ({
      x: values(num_rows * emb_dim, 1),
      w: values(3 * emb_dim * emb_dim, 2),
      bias: values(3 * emb_dim, 3),
    });

    it.each(variantsFor(attention))("$shape, rows $rows, exactly for integers", async (variant) => {
      const { x, w, bias } = make(randomIntegers);
      const parts = [Math.ceil(emb_dim / 2), emb_dim + 1, 3 * emb_dim]; // in q, in k, and the rest
      const { q, k, v } = await run(variant, x, w, attention, bias, [...new Set(parts)]);
      const product = matmul(x, w, dims, bias);
      expectSame(q, block(product, 0, emb_dim));
      expectSame(appended(k, attention), block(product, 1, emb_dim));
      expectSame(appended(v, attention), block(product, 2, emb_dim));
    });

    it.each(variantsFor(attention))("$shape, rows $rows, with outliers, no bias", async (variant) => {
      const { x, w } = make((length, seed) => randomValues(length, seed, { outliers: true }));
      const { q, k, v } = await run(variant, x, w, attention);
      const { expected, bound } = boundedLinear(x, w, dims);
      const part = (index: number) => ({
        expected: block(expected, index, emb_dim),
        bound: block(bound, index, emb_dim),
      });
      expectWithin(q, part(0));
      expectWithin(appended(k, attention), part(1));
      expectWithin(appended(v, attention), part(2));
    });
  },
);

it("GPT-2's shape: 2 x 2 tokens of 768, matvec", async () => {
  const attention = { batch: 2, num_tokens: 2, emb_dim: 768, past: 6, capacity: 9 };
  const [x, w] = [randomIntegers(4 * 768, 1), randomIntegers(3 * 768 * 768, 2)];
  const { q, k, v } = await run({ shape: "matvec", rows: 4 }, x, w, attention);
  const product = matmul(x, w, { num_rows: 4, in_dim: 768, out_dim: 2304 });
  expectSame(q, block(product, 0, 768));
  expectSame(appended(k, attention), block(product, 1, 768));
  expectSame(appended(v, attention), block(product, 2, 768));
});
