import { describe, expect, it } from "vitest";
import { argmax } from "../kernels/argmax.ts";
import { argmax as reference } from "../reference/argmax.ts";
import { guarded, unwritten, writtenWords } from "../test/guarded.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

/** The chosen id of each row. */
function run(build: Build, logits: Float32Array, vocab_size: number): number[] {
  const num_rows = logits.length / vocab_size;
  const data = { logits: guarded(logits), chosen: unwritten(num_rows) };
  const { chosen } = runCpuKernel(build, argmax, data, { num_rows, vocab_size }, {});
  return [...writtenWords(chosen, num_rows)];
}

describe.each(buildNames)("%s", (build) => {
  describe.each([1, 7, 255, 256, 257, 768, 3072, 50257])("of %i logits", (vocab_size) => {
    const last = vocab_size - 1;

    it("is the reference's, for several rows with outliers", () => {
      const logits = randomValues(5 * vocab_size, 1, { outliers: true });
      expect(run(build, logits, vocab_size)).toEqual(reference(logits, vocab_size));
    });

    it("is found wherever it stands", () => {
      const places = [0, 1, 127, 128, 255, 256, last - 1, last].filter((i) => i >= 0 && i <= last);
      const logits = randomValues(places.length * vocab_size, 2);
      for (const [row, place] of places.entries()) logits[row * vocab_size + place] = 2;
      expect(run(build, logits, vocab_size)).toEqual(places);
    });

    it("is the lowest id of several with the same logit", () => {
      const ties = [
        [0, last],
        [last - 1, last],
        [255, 256],
        [1, 257, 513], // the same thread's, round after round
        [200, 300, 513],
        [300, 513], // the lower id is a later thread's: 300 is thread 44's, 513 thread 1's
      ].filter((ids) => ids.every((id) => id >= 0 && id <= last));
      const logits = randomValues(ties.length * vocab_size, 3);
      for (const [row, ids] of ties.entries()) for (const id of ids) logits[row * vocab_size + id] = 2;
      expect(run(build, logits, vocab_size)).toEqual(ties.map(([lowest]) => lowest));
    });

    it("is right where all logits are negative, and where all are equal", () => {
      const logits = randomValues(vocab_size, 4).map((value) => value - 50);
      expect(run(build, logits, vocab_size)).toEqual(reference(logits, vocab_size));
      for (const value of [-3.4028234663852886e38, -1e4, 0, 1e4]) {
        expect(run(build, new Float32Array(2 * vocab_size).fill(value), vocab_size)).toEqual([0, 0]);
      }
    });
  });

  it("tells logits apart that differ in the last bit", () => {
    const logits = new Float32Array(1000).fill(1);
    logits[777] = 1 + 2 ** -23;
    expect(run(build, logits, 1000)).toEqual([777]);
  });
});
