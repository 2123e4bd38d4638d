import { describe, it } from "vitest";
import { embedding as embeddingReference } from "../reference/embedding.ts";
import { packF16, packInt8, unpackF16, unpackInt8 } from "../reference/pack.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedLinear, EPS, FLUSH } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { runKernel } from "../test/run-kernel.ts";
import { compiledVariants, hasFixedRows, runLinear, runQKV } from "../test/run-linear.ts";
import { randomValues } from "../test/values.ts";
import { embedding } from "./embedding.ts";

// Against the reference on what the packed weights stand for: what packing costs is another question.
const formats = [
  {
    format: "f16",
    pack: packF16,
    unpack: unpackF16,
    words: 1 / 2,
    weightRoundings: 0,
    rowLengths: [4, 12, 260, 768],
  },
  // The quotient by 127 is off by 2.5 EPS, its product with the scale by one more.
  {
    format: "int8",
    pack: packInt8,
    unpack: unpackInt8,
    words: 9 / 32,
    weightRoundings: 4,
    rowLengths: [32, 96, 768],
  },
] as const;
const variants = compiledVariants;

describe.each(formats)("$format", ({ format, pack, unpack, words, weightRoundings, rowLengths }) => {
  /** Weights of different sizes, so that blocks have different scales. */
  const packed = (length: number, seed: number) => {
    const w = pack(randomValues(length, seed).map((v, i) => v * (1 + (Math.floor(i / 32) % 5))));
    return { w, weights: unpack(w) };
  };

  it.each(variants.filter(({ rows = 3 }) => rows === 3))("$variant", async (variant) => {
    for (const in_dim of rowLengths) {
      for (const [num_rows, out_dim] of hasFixedRows(variant)
        ? [[3, 67]]
        : [
            [1, 1],
            [5, 67],
          ]) {
        const dims = { num_rows, in_dim, out_dim };
        const x = randomValues(num_rows * in_dim, 1, { outliers: true });
        const { w, weights } = packed(out_dim * in_dim, 2);
        const partEnds = [1, out_dim].slice(out_dim === 1 ? 1 : 0);
        const y = await runLinear(variant, { x, w, format }, dims, { partEnds });
        expectWithin(y, boundedLinear(x, weights, dims, {}, { weightRoundings }));
      }
    }
  });

  it("q, k and v", async () => {
    const emb_dim = 96;
    const x = randomValues(4 * emb_dim, 1);
    const { w, weights } = packed(3 * emb_dim * emb_dim, 2);
    const attention = { batch: 4, num_tokens: 1, emb_dim, cache_len: 0, capacity: 1 }; // caches of these tokens alone
    const { expected, bound } = boundedLinear(
      x,
      weights,
      { num_rows: 4, in_dim: emb_dim, out_dim: 3 * emb_dim },
      {},
      { weightRoundings },
    );
    const outputs = await runQKV({ variant: "matvec", rows: 4 }, { x, w, format }, attention);
    for (const [i, name] of (["q", "k", "v"] as const).entries()) {
      const mine = (values: ArrayLike<number>) =>
        Array.from(values).filter((_, at) => Math.floor(at / emb_dim) % 3 === i);
      expectWithin(outputs[name], { expected: mine(expected), bound: mine(bound) });
    }
  });

  it("an embedding in two parts", async () => {
    for (const emb_dim of rowLengths) {
      const { w, weights } = packed(9 * emb_dim, 1);
      const pos_emb = randomValues(5 * emb_dim, 2);
      const idx = [0, 8, 3, 4, 5];
      const inputs = { idx: Uint32Array.from(idx), pos_emb: guarded(pos_emb), cache_len: Uint32Array.of(0) };
      const dims = { num_rows: 5, num_tokens: 5, emb_dim };
      const rows = (first: number, end: number) =>
        guarded(w.subarray(first * emb_dim * words, end * emb_dim * words));
      const first = { first_id: 0, num_ids: 4 };
      const { x } = await runKernel(
        embedding[format],
        { ...inputs, w: rows(0, 4), x: unwritten(5 * emb_dim) },
        { ...dims, ...first },
      );
      const second = { first_id: 4, num_ids: 5 };
      const result = await runKernel(
        embedding[format],
        { ...inputs, w: rows(4, 9), x },
        { ...dims, ...second },
      );
      const expected = embeddingReference(idx, weights, pos_emb, {
        num_tokens: 5,
        emb_dim,
        first_position: 0,
      });
      const tokens = embeddingReference(idx, weights, new Float32Array(5 * emb_dim), {
        num_tokens: 5,
        emb_dim,
        first_position: 0,
      });
      const bound = expected.map(
        (sum, i) => EPS * (weightRoundings * Math.abs(tokens[i]) + 1.001 * Math.abs(sum)) + FLUSH,
      );
      expectWithin(written(result.x, 5 * emb_dim), { expected, bound });
    }
  });
});
