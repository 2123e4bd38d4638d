import { describe, expect, it } from "vitest";
import { logitSummary as reference } from "../reference/logit-summary.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedSummary } from "../test/f32-bounds.ts";
import { guarded, unwritten, writtenWords } from "../test/guarded.ts";
import { asFloats, runKernel } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";
import {
  BINS,
  logitMoments,
  logitSummary,
  momentsOf,
  readSummaries,
  SUMMARY_WORDS,
} from "./logit-summary.ts";

/** The summaries of the rows, from both kernels. */
async function run(logits: Float32Array, vocab_size: number) {
  const num_rows = logits.length / vocab_size;
  const words = { moments: num_rows * momentsOf(vocab_size), summary: num_rows * SUMMARY_WORDS };
  const dims = { num_rows, vocab_size };
  const data = {
    logits: guarded(logits),
    moments: unwritten(words.moments),
    summary: unwritten(words.summary),
  };
  const first = await runKernel(logitMoments, data, dims);
  const moments = guarded(asFloats(writtenWords(first.moments, words.moments)));
  const { summary } = await runKernel(logitSummary, { ...data, moments, summary: first.summary }, dims);
  return readSummaries(writtenWords(summary, words.summary).slice().buffer, 0, num_rows);
}

/** Fails unless the ends and the number of logits are right to the bit, and the rest within what f32 makes of it. */
async function compare(logits: Float32Array, vocab_size: number): Promise<void> {
  const summaries = await run(logits, vocab_size);
  const expected = reference(logits, vocab_size, BINS);
  expect(summaries).toHaveLength(expected.length);
  for (const [r, { min, max, bins, entropy, logSumExp }] of summaries.entries()) {
    const row = logits.subarray(r * vocab_size, (r + 1) * vocab_size);
    expect([min, max]).toEqual([expected[r].min, expected[r].max]);
    expectWithin([logSumExp, entropy], boundedSummary(row, BINS));
    expectCounts(bins, row, expected[r]);
  }
}

/** Fails unless each bin ends where it should: only a logit that lies within f32's errors of an edge may count on either side. */
function expectCounts(
  bins: readonly number[],
  row: Float32Array,
  { min, max }: { min: number; max: number },
) {
  const sorted = row.slice().sort();
  /** How many logits lie below a value. */
  const below = (value: number) => {
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (sorted[middle] < value) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  let counted = 0;
  for (let edge = 1; edge <= BINS; edge++) {
    counted += bins[edge - 1];
    if (edge === BINS || max === min) {
      expect(counted).toBe(row.length);
      continue;
    }
    // A difference, a quotient of 2.5 ULP of a difference, and a product.
    const share = (edge / BINS) * (max - min);
    const error = 6 * 2 ** -23 * share;
    expect(counted, `logits in the first ${edge} bins`).toBeGreaterThanOrEqual(below(min + share - error));
    expect(counted, `logits in the first ${edge} bins`).toBeLessThanOrEqual(below(min + share + error));
  }
}

describe.each([
  { num_rows: 1, vocab_size: 1 },
  { num_rows: 3, vocab_size: 7 },
  { num_rows: 2, vocab_size: 63 },
  { num_rows: 2, vocab_size: 1023 },
  { num_rows: 3, vocab_size: 1024 },
  { num_rows: 3, vocab_size: 1025 },
  { num_rows: 2, vocab_size: 4095 },
  { num_rows: 3, vocab_size: 4096 },
  { num_rows: 3, vocab_size: 4097 },
  { num_rows: 5, vocab_size: 3072 },
  { num_rows: 2, vocab_size: 50257 },
  { num_rows: 1, vocab_size: 270000 }, // more blocks than a workgroup has threads
])("of $num_rows rows of $vocab_size", ({ num_rows, vocab_size }) => {
  const random = (seed: number) => randomValues(num_rows * vocab_size, seed);

  it("random logits, many of them alike and all far below 0", async () => {
    await compare(
      random(1).map((value) => 10 * value),
      vocab_size,
    );
    await compare(
      random(2).map((value) => Math.round(3 * value) - 100),
      vocab_size,
    );
  });

  it("one that is all of the softmax, at either end of the row", async () => {
    const logits = random(3);
    for (let row = 0; row < num_rows; row++) logits[row * vocab_size] = 40 + row;
    await compare(logits, vocab_size);
    for (let row = 0; row < num_rows; row++) logits[(row + 1) * vocab_size - 1] = 90 - row;
    await compare(logits, vocab_size);
  });

  it("logits whose exponentials would overflow, and all the same", async () => {
    await compare(
      random(4).map((value) => 1e4 * value + 3e4),
      vocab_size,
    );
    for (const value of [-1e4, 0, 1e4])
      await compare(new Float32Array(num_rows * vocab_size).fill(value), vocab_size);
  });
});

it("outliers, and rows of which each is of another kind", async () => {
  await compare(randomValues(3 * 2000, 5, { outliers: true }), 2000);
  await compare(Float32Array.of(...new Float32Array(1500).fill(2), ...randomValues(1500, 6)), 1500);
});
