import { describe, it } from "vitest";
import { embedding } from "../kernels/embedding.ts";
import { linear, qkv } from "../kernels/linear.ts";
import { embedding as embeddingReference } from "../reference/embedding.ts";
import { packF16, packInt8, unpackF16, unpackInt8 } from "../reference/pack.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedLinear, EPS, FLUSH } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

// Against the reference on what the packed weights stand for: what packing costs is another question.
const formats = [
  {
    name: "f16",
    pack: packF16,
    unpack: unpackF16,
    words: 1 / 2,
    weightRoundings: 0,
    rowLengths: [4, 12, 16, 260, 768],
    xBound: () => undefined,
  },
  // A quotient, and a product with the scale; or both for the sum of a block.
  {
    name: "int8",
    pack: packInt8,
    unpack: unpackInt8,
    words: 9 / 32,
    weightRoundings: 4,
    rowLengths: [32, 96, 768],
    /** In whole numbers a value is off by 2^-30 of the largest of its block. */
    xBound: (x: Float32Array) =>
      x.map((_, i) => {
        const first = i - (i % 32);
        return 2 ** -30 * x.subarray(first, first + 32).reduce((max, v) => Math.max(max, Math.abs(v)), 0);
      }),
  },
] as const;

describe.each(buildNames)("%s", (build) => {
  describe.each(formats)("$name", ({ name, pack, unpack, words, weightRoundings, rowLengths, xBound }) => {
    /** Weights of different sizes, so that blocks have different scales; some are 0, and whole blocks of them. */
    const packed = (length: number, seed: number) => {
      const values = randomValues(length, seed).map((v, i) => v * (1 + (Math.floor(i / 32) % 5)));
      const w = pack(
        values.map((v, i) => (Math.floor(i / 32) % 7 === 6 ? 0 : i % 9 === 8 ? v / 2 ** 15 : v)),
      );
      return { w, weights: unpack(w) };
    };

    describe.each([1, 2, 4, 5, 9, 13])("%i rows", (num_rows) => {
      it.each(rowLengths)("of %i", (in_dim) => {
        for (const out_dim of [1, 67]) {
          const dims = { num_rows, in_dim, out_dim };
          const { w, weights } = packed(out_dim * in_dim, 2);
          for (const scale of [1, 1e-6, 1e4]) {
            const x = randomValues(num_rows * in_dim, 1, { outliers: scale === 1 }).map((v) => scale * v);
            const { y } = runCpuKernel(
              build,
              linear.matmulRegister[name],
              {
                x: guarded(x),
                w: guarded(w),
                bias: unwritten(1),
                shortcut: unwritten(1),
                y: unwritten(num_rows * out_dim),
              },
              { ...dims, first_out: 0, y_dim: out_dim },
              { has_bias: 0, has_gelu: 0, has_shortcut: 0 },
            );
            expectWithin(
              written(y, num_rows * out_dim),
              boundedLinear(x, weights, dims, {}, { weightRoundings, xBound: xBound(x) }),
            );
          }
        }
      });
    });

    it.each([1, 4])("q, k and v of %i rows", (batch) => {
      const emb_dim = 96;
      const x = randomValues(batch * emb_dim, 1);
      const { w, weights } = packed(3 * emb_dim * emb_dim, 2);
      const dims = { num_rows: batch, in_dim: emb_dim, out_dim: 3 * emb_dim };
      const { expected, bound } = boundedLinear(x, weights, dims, {}, { weightRoundings, xBound: xBound(x) });
      const length = batch * emb_dim;
      const outputs = runCpuKernel(
        build,
        qkv.matmulRegister[name],
        {
          ...{ x: guarded(x), w: guarded(w), bias: unwritten(1), cache_len: Uint32Array.of(0) },
          ...{ q: unwritten(length), k: unwritten(length), v: unwritten(length) },
        },
        { ...dims, first_out: 0, num_tokens: 1, capacity: 1 },
        { has_bias: 0 },
      );
      for (const [i, output] of (["q", "k", "v"] as const).entries()) {
        const mine = (values: ArrayLike<number>) =>
          Array.from(values).filter((_, at) => Math.floor(at / emb_dim) % 3 === i);
        expectWithin(written(outputs[output], length), { expected: mine(expected), bound: mine(bound) });
      }
    });

    it.each(rowLengths)("an embedding of %i in two parts", (emb_dim) => {
      const { w, weights } = packed(9 * emb_dim, 1);
      const pos_emb = randomValues(5 * emb_dim, 2);
      const idx = [0, 8, 3, 4, 5];
      const inputs = { idx: Uint32Array.from(idx), pos_emb: guarded(pos_emb), cache_len: Uint32Array.of(0) };
      let x: Float32Array | Uint32Array = unwritten(5 * emb_dim);
      for (const [first_id, end] of [
        [0, 4],
        [4, 9],
      ] as const) {
        const part = guarded(w.subarray(first_id * emb_dim * words, end * emb_dim * words));
        const dims = { num_rows: 5, num_tokens: 5, emb_dim, first_id, num_ids: end - first_id };
        x = runCpuKernel(build, embedding[name], { ...inputs, w: part, x }, dims).x;
      }
      const dims = { num_tokens: 5, emb_dim, first_position: 0 };
      const expected = embeddingReference(idx, weights, pos_emb, dims);
      const tokens = embeddingReference(idx, weights, new Float32Array(5 * emb_dim), dims);
      const bound = expected.map(
        (sum, i) => EPS * (weightRoundings * Math.abs(tokens[i]) + 1.001 * Math.abs(sum)) + FLUSH,
      );
      expectWithin(written(x as Uint32Array, 5 * emb_dim), { expected, bound });
    });
  });
});
