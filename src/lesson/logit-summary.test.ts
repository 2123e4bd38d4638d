import { expect, it } from "vitest";
import { softmax } from "../reference/softmax.ts";
import { BINS, probabilityOf, summarize } from "./logit-summary.ts";

const logits = Float32Array.from(
  { length: 50257 },
  (_, i) => 4 * Math.sin(i * 12.9898) * Math.cos(i * 78.233),
);

it("finds the ends, and counts every logit once", () => {
  const { min, max, bins } = summarize(logits);
  const sorted = logits.slice().sort();
  expect([min, max]).toEqual([sorted[0], sorted.at(-1)]);
  expect(bins).toHaveLength(BINS);
  expect(bins.reduce((a, b) => a + b)).toBe(50257);
  const width = (max - min) / BINS;
  expect(bins[3]).toBe(sorted.filter((x) => x >= min + 3 * width && x < min + 4 * width).length);
});

it("its entropy and probabilities are those of the softmax", () => {
  const probabilities = softmax(logits, logits.length);
  const entropy = -probabilities.reduce((sum, p) => sum + p * Math.log2(p), 0);
  const summary = summarize(logits);
  expect(summary.entropy).toBeCloseTo(entropy, 6);
  for (const id of [0, 17, 50256])
    expect(probabilityOf(logits[id]!, summary)).toBeCloseTo(probabilities[id]!, 12);
});

it("takes equal logits, and logits whose exponential would overflow", () => {
  expect(summarize(Float32Array.of(2, 2, 2, 2))).toMatchObject({ min: 2, max: 2, entropy: 2 });
  const huge = summarize(Float32Array.of(1000, 0));
  expect(huge.entropy).toBe(0);
  expect(probabilityOf(1000, huge)).toBe(1);
});
