import { describe, expect, it } from "vitest";
import { matmul } from "../reference/matmul.ts";
import { expectSame, expectWithin } from "../test/expect-within.ts";
import { boundedLinear } from "../test/f32-bounds.ts";
import { randomIntegers } from "../test/integers.ts";
import {
  type CompiledVariant,
  compiledVariants,
  hasFixedRows,
  type QKVDims,
  runQKV,
} from "../test/run-linear.ts";
import { randomValues } from "../test/values.ts";
import { vecWidthOf } from "./vec.ts";

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

const variants = compiledVariants;

const cases: QKVDims[] = [
  { batch: 1, num_tokens: 1, emb_dim: 1, cache_len: 0, capacity: 1 },
  { batch: 1, num_tokens: 1, emb_dim: 7, cache_len: 5, capacity: 6 },
  { batch: 2, num_tokens: 2, emb_dim: 12, cache_len: 3, capacity: 9 },
  { batch: 4, num_tokens: 1, emb_dim: 65, cache_len: 2, capacity: 5 },
  { batch: 1, num_tokens: 3, emb_dim: 68, cache_len: 0, capacity: 4 },
];
const manyTokens: QKVDims[] = [
  { batch: 3, num_tokens: 7, emb_dim: 20, cache_len: 4, capacity: 12 },
  { batch: 2, num_tokens: 33, emb_dim: 9, cache_len: 0, capacity: 33 },
];

/** A kernel with fixed rows only where there are as many; of the others, the narrowest and the widest. */
const variantsFor = ({ batch, num_tokens }: QKVDims): CompiledVariant[] =>
  variants.filter((variant) =>
    hasFixedRows(variant) ? variant.rows === batch * num_tokens : [undefined, 1, 4].includes(variant.rows),
  );

describe.each([...cases, ...manyTokens])(
  "$batch x $num_tokens tokens of $emb_dim after $past, capacity $capacity",
  (attention) => {
    const { batch, num_tokens, emb_dim } = attention;
    const num_rows = batch * num_tokens;
    const format = vecWidthOf(emb_dim);
    const dims = { num_rows, in_dim: emb_dim, out_dim: 3 * emb_dim };
    const make = (values: (length: number, seed: number) => Float32Array) => ({
      x: values(num_rows * emb_dim, 1),
      w: values(3 * emb_dim * emb_dim, 2),
      bias: values(3 * emb_dim, 3),
    });

    it.each(variantsFor(attention))("$variant, rows $rows, exactly for integers", async (variant) => {
      const { x, w, bias } = make(randomIntegers);
      const parts = [Math.ceil(emb_dim / 2), emb_dim + 1, 3 * emb_dim]; // in q, in k, and the rest
      const { q, k, v } = await runQKV(variant, { x, w, format }, attention, {
        bias,
        partEnds: [...new Set(parts)],
      });
      const product = matmul(x, w, dims, bias);
      expectSame(q, block(product, 0, emb_dim));
      expectSame(appended(k, attention), block(product, 1, emb_dim));
      expectSame(appended(v, attention), block(product, 2, emb_dim));
    });

    it.each(variantsFor(attention))("$variant, rows $rows, with outliers, no bias", async (variant) => {
      const { x, w } = make((length, seed) => randomValues(length, seed, { outliers: true }));
      const { q, k, v } = await runQKV(variant, { x, w, format }, attention);
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
  const attention = { batch: 2, num_tokens: 2, emb_dim: 768, cache_len: 6, capacity: 9 };
  const [x, w] = [randomIntegers(4 * 768, 1), randomIntegers(3 * 768 * 768, 2)];
  const { q, k, v } = await runQKV({ variant: "matvec", rows: 4 }, { x, w, format: "vec4" }, attention);
  const product = matmul(x, w, { num_rows: 4, in_dim: 768, out_dim: 2304 });
  expectSame(q, block(product, 0, 768));
  expectSame(appended(k, attention), block(product, 1, 768));
  expectSame(appended(v, attention), block(product, 2, 768));
});
