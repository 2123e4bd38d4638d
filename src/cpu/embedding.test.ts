import { describe, expect, it } from "vitest";
import { embedding } from "../kernels/embedding.ts";
import { embedding as reference } from "../reference/embedding.ts";
import { expectSame, expectWithin } from "../test/expect-within.ts";
import { EPS, FLUSH } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { randomIntegers } from "../test/integers.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

interface Tables {
  tok_emb: Float32Array; // [vocab_size, emb_dim]
  pos_emb: Float32Array; // [context_length, emb_dim]
  emb_dim: number;
}

/** x [idx.length, emb_dim], from as many dispatches as the table has parts; `partEnds` are the ids where each ends. */
function run(
  build: Build,
  idx: readonly number[],
  { tok_emb, pos_emb, emb_dim }: Tables,
  { num_tokens, cache_len = 0 }: { num_tokens: number; cache_len?: number },
  partEnds = [tok_emb.length / emb_dim],
): Float32Array {
  let x: Float32Array | Uint32Array = unwritten(idx.length * emb_dim);
  let first_id = 0;
  for (const end of partEnds) {
    const w = guarded(tok_emb.subarray(first_id * emb_dim)); // more than the part: no id may reach behind its end
    const inputs = {
      idx: Uint32Array.from(idx),
      w,
      pos_emb: guarded(pos_emb),
      cache_len: Uint32Array.of(cache_len),
    };
    const dims = { num_rows: idx.length, num_tokens, emb_dim, first_id, num_ids: end - first_id };
    const output: { x: Uint32Array } = runCpuKernel(build, embedding.scalar, { ...inputs, x }, dims, {});
    x = output.x;
    first_id = end;
  }
  return written(x as Uint32Array, idx.length * emb_dim);
}

describe.each(buildNames)("%s", (build) => {
  describe.each([
    { batch: 1, num_tokens: 1, emb_dim: 1, vocab_size: 1, cache_len: 0 },
    { batch: 1, num_tokens: 3, emb_dim: 7, vocab_size: 5, cache_len: 0 },
    { batch: 2, num_tokens: 3, emb_dim: 12, vocab_size: 9, cache_len: 4 },
    { batch: 3, num_tokens: 1, emb_dim: 65, vocab_size: 70, cache_len: 9 },
    { batch: 1, num_tokens: 5, emb_dim: 52, vocab_size: 40, cache_len: 1 }, // 65 vecs: one over a workgroup
    { batch: 2, num_tokens: 22, emb_dim: 768, vocab_size: 1000, cache_len: 0 },
  ])("$batch x $num_tokens tokens of $emb_dim, vocabulary $vocab_size, after $past", (shape) => {
    const { batch, num_tokens, emb_dim, vocab_size, cache_len } = shape;
    const idx = Array.from(
      { length: batch * num_tokens },
      (_, i) => (i * 7919 + vocab_size - 1) % vocab_size,
    );
    const tables = (values: (length: number, seed: number) => Float32Array) => ({
      tok_emb: values(vocab_size * emb_dim, 1),
      pos_emb: values((cache_len + num_tokens) * emb_dim, 2), // the last position is the last row
      emb_dim,
    });
    const expected = ({ tok_emb, pos_emb }: Tables) =>
      reference(idx, tok_emb, pos_emb, { num_tokens, emb_dim, first_position: cache_len });

    it("is exact for integers", () => {
      const tables1 = tables(randomIntegers);
      expectSame(run(build, idx, tables1, { num_tokens, cache_len }), expected(tables1));
    });

    it("is rounded once", () => {
      const tables2 = tables((length, seed) => randomValues(length, seed, { outliers: true }));
      const sums = expected(tables2);
      const bound = sums.map((sum) => EPS * Math.abs(sum) + FLUSH);
      expectWithin(run(build, idx, tables2, { num_tokens, cache_len }), { expected: sums, bound });
    });
  });

  describe.each([8, 5])("a table in three parts, rows of %i", (emb_dim) => {
    const tables = {
      tok_emb: randomIntegers(10 * emb_dim, 1),
      pos_emb: randomIntegers(10 * emb_dim, 2),
      emb_dim,
    };
    const idx = [0, 3, 4, 5, 9, 8, 6, 1]; // the first and the last id of each part
    const sums = reference(idx, tables.tok_emb, tables.pos_emb, {
      num_tokens: 8,
      emb_dim,
      first_position: 0,
    });

    it("is put together from all of them", () => {
      expectSame(run(build, idx, tables, { num_tokens: 8 }, [4, 6, 10]), sums);
    });

    it("leaves the tokens of a missing part alone", () => {
      const x = run(build, idx, tables, { num_tokens: 8 }, [4, 6]);
      for (const [row, id] of idx.entries()) {
        const range = [row * emb_dim, (row + 1) * emb_dim] as const;
        const missing = new Float32Array(emb_dim).fill(NaN);
        expect([...x.subarray(...range)]).toEqual([...(id < 6 ? sums.subarray(...range) : missing)]);
      }
    });
  });
});
