import { describe, expect, it } from "vitest";
import { topK } from "../kernels/top-k.ts";
import { argmax } from "../reference/argmax.ts";
import { topK as reference } from "../reference/top-k.ts";
import { expectSame, expectWithin } from "../test/expect-within.ts";
import { boundedSoftmax } from "../test/f32-bounds.ts";
import { guarded, unwritten, writtenWords } from "../test/guarded.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { asFloats } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";

/** Runs the kernel and compares ids and logits exactly, and probabilities within softmax's bounds. */
function compare(build: Build, logits: Float32Array, vocab_size: number, k: number): void {
  const num_rows = logits.length / vocab_size;
  const data = { logits: guarded(logits), top: unwritten(num_rows * k * 3), chosen: unwritten(num_rows) };
  const { top, chosen } = runCpuKernel(build, topK, data, { num_rows, vocab_size, k }, {});
  const words = writtenWords(top, num_rows * k * 3);
  const floats = asFloats(words);
  const every3rd = (values: Uint32Array | Float32Array, first: number) =>
    Array.from({ length: num_rows * k }, (_, i) => values[3 * i + first]);

  const candidates = reference(logits, vocab_size, k).flat();
  expect(every3rd(words, 0)).toEqual(candidates.map(({ id }) => id));
  expect([...writtenWords(chosen, num_rows)]).toEqual([...argmax(logits, vocab_size)]);
  expectSame(
    every3rd(floats, 1),
    candidates.map(({ logit }) => logit),
  );
  const { bound } = boundedSoftmax(logits, vocab_size);
  expectWithin(every3rd(floats, 2), {
    expected: candidates.map(({ probability }) => probability),
    bound: candidates.map(({ id }, i) => bound[Math.floor(i / k) * vocab_size + id]),
  });
}

describe.each(buildNames)("%s", (build) => {
  describe.each([
    { num_rows: 1, vocab_size: 1, k: 1 },
    { num_rows: 3, vocab_size: 7, k: 3 },
    { num_rows: 2, vocab_size: 7, k: 7 },
    { num_rows: 2, vocab_size: 257, k: 10 },
    { num_rows: 1, vocab_size: 511, k: 4 },
    { num_rows: 2, vocab_size: 512, k: 5 },
    { num_rows: 2, vocab_size: 513, k: 10 },
    { num_rows: 1, vocab_size: 300, k: 300 },
    { num_rows: 5, vocab_size: 768, k: 1 },
    { num_rows: 1, vocab_size: 3072, k: 10 },
    { num_rows: 2, vocab_size: 50257, k: 10 },
  ])("$k of $vocab_size, $num_rows rows", ({ num_rows, vocab_size, k }) => {
    it("of random logits", () => {
      compare(
        build,
        randomValues(num_rows * vocab_size, 1).map((value) => 10 * value),
        vocab_size,
        k,
      );
    });

    it("with many ties", () => {
      compare(
        build,
        randomValues(num_rows * vocab_size, 2).map((value) => Math.round(3 * value)),
        vocab_size,
        k,
      );
    });

    it("with the largest at both ends", () => {
      const logits = randomValues(num_rows * vocab_size, 3);
      for (let row = 0; row < num_rows; row++) {
        logits[row * vocab_size] = 8;
        logits[(row + 1) * vocab_size - 1] = 9;
      }
      compare(build, logits, vocab_size, k);
    });
  });

  it("with outliers, of which the largest come first", () => {
    compare(build, randomValues(3 * 400, 4, { outliers: true }), 400, 10);
  });

  it("of logits that are all the same, or all very small", () => {
    for (const value of [-3.4028234663852886e38, -1e4, 0, 1e4]) {
      compare(build, new Float32Array(300).fill(value), 300, 10);
    }
  });

  it("of logits that are no numbers, ids of the vocabulary all the same", () => {
    const logits = guarded(new Float32Array(300).fill(Number.NaN));
    const data = { logits, top: unwritten(3), chosen: unwritten(1) };
    const { top, chosen } = runCpuKernel(build, topK, data, { num_rows: 1, vocab_size: 300, k: 1 }, {});
    expect(writtenWords(chosen, 1)[0]).toBeLessThan(300);
    expect(writtenWords(top, 3)[0]).toBeLessThan(300);
  });
});
