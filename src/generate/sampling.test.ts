import { describe, expect, it } from "vitest";
import { softmax } from "../reference/softmax.ts";
import { checkSampling, type Sampling, sample } from "./sampling.ts";

const logits = Float32Array.of(1, 3, -2, 2.5, 0);

/** How often each id is drawn at `draws` positions, as a share. */
function shares(sampling: Sampling, draws = 40_000): number[] {
  const counts = logits.map(() => 0);
  for (let position = 0; position < draws; position++) counts[sample(logits, sampling, 0, position)]!++;
  return [...counts].map((count) => count / draws);
}

describe.each([0.5, 1, 2])("temperature %d", (temperature) => {
  it("draws each id as often as the softmax says", () => {
    const expected = softmax(
      logits.map((logit) => logit / temperature),
      logits.length,
    );
    // Four standard deviations of a share of 40,000 draws are at most 0.01.
    for (const [id, share] of shares({ temperature, seed: 5 }).entries()) {
      expect(Math.abs(share - expected[id]!)).toBeLessThan(0.01);
    }
  });
});

it("draws among the k likeliest alone", () => {
  const [, first, , second] = shares({ temperature: 1, topK: 2, seed: 1 });
  expect(first! + second!).toBe(1);
  expect(first).toBeCloseTo(Math.exp(3) / (Math.exp(3) + Math.exp(2.5)), 1);
  expect(shares({ temperature: 1, topK: 1, seed: 1 }, 50)).toEqual([0, 1, 0, 0, 0]);
});

describe("among the k likeliest of many", () => {
  const random = (seed: number) => (i: number) => Math.sin(seed + i * i * 12.9898) * 9;
  const many = (value: (i: number) => number) => Float32Array.from({ length: 5000 }, (_, i) => value(i));
  it.each([
    ["unlike values", many(random(1))],
    ["values of which many are alike", many((i) => Math.round(random(2)(i)))],
    ["values that are all alike", many(() => -1.5)],
    ["values in order", many((i) => i / 500)],
    ["values in reverse", many((i) => -i / 500)],
    ["two halves", many((i) => (i % 2500) / 300)],
  ])("draws as if all were sorted: %s", (_, values) => {
    const sorted = values.toSorted();
    for (const topK of [1, 2, 10, 40, 777, 2500, 4998, 4999]) {
      const least = sorted[sorted.length - topK]!;
      const kept = values.map((value) => (value < least ? Number.NEGATIVE_INFINITY : value));
      for (let position = 0; position < 20; position++) {
        const sampling = { temperature: 1.7, seed: 3 };
        const drawn = sample(values, { ...sampling, topK }, 0, position);
        expect(drawn).toBe(sample(kept, sampling, 0, position));
      }
    }
  });
});

it("all but freezes into the greedy choice near temperature zero", () => {
  expect(shares({ temperature: 0.01, seed: 2 }, 500)[1]).toBe(1);
});

it("draws the same for the same seed, row and position, and otherwise anew", () => {
  const draws = (seed: number, row: number) =>
    Array.from({ length: 40 }, (_, position) => sample(logits, { temperature: 2, seed }, row, position));
  expect(draws(7, 0)).toEqual(draws(7, 0));
  expect(draws(8, 0)).not.toEqual(draws(7, 0));
  expect(draws(7, 1)).not.toEqual(draws(7, 0));
});

it.each([
  { temperature: 0, seed: 1 },
  { temperature: Number.NaN, seed: 1 },
  { temperature: 101, seed: 1 },
  { temperature: 1, seed: -1 },
  { temperature: 1, seed: 0.5 },
  { temperature: 1, seed: 1, topK: 0 },
])("refuses %j", (sampling) => {
  expect(() => checkSampling(sampling)).toThrow(expect.objectContaining({ code: "bad-option" }));
});
