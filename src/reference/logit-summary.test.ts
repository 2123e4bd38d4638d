import { expect, it } from "vitest";
import { logitSummary } from "./logit-summary.ts";
import { softmax } from "./softmax.ts";

const logits = Float32Array.from(
  { length: 50257 },
  (_, i) => 4 * Math.sin(i * 12.9898) * Math.cos(i * 78.233),
);

it("finds the ends, and counts every logit once", () => {
  const [{ min, max, bins }] = logitSummary(logits, 50257, 48);
  const sorted = logits.slice().sort();
  expect([min, max]).toEqual([sorted[0], sorted.at(-1)]);
  expect(bins).toHaveLength(48);
  expect(bins.reduce((a, b) => a + b)).toBe(50257);
  const width = (max - min) / 48;
  expect(bins[3]).toBe(sorted.filter((x) => x >= min + 3 * width && x < min + 4 * width).length);
});

it("its entropy and its sum are those of the softmax", () => {
  const probabilities = softmax(logits, logits.length);
  const [{ entropy, logSumExp }] = logitSummary(logits, 50257, 48);
  expect(entropy).toBeCloseTo(-probabilities.reduce((sum, p) => sum + p * Math.log2(p), 0), 6);
  for (const id of [0, 17, 50256])
    expect(Math.exp(logits[id] - logSumExp)).toBeCloseTo(probabilities[id], 12);
});

it("takes equal logits, logits whose exponential would overflow, and rows", () => {
  const rows = logitSummary(Float32Array.of(2, 2, 2, 2, 1000, 0, 0, 0), 4, 3);
  expect(rows[0]).toEqual({ min: 2, max: 2, bins: [4, 0, 0], entropy: 2, logSumExp: 2 + Math.log(4) });
  expect(rows[1]).toMatchObject({ bins: [3, 0, 1], entropy: 0, logSumExp: 1000 });
});
