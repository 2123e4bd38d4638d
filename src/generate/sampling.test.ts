import { describe, expect, it } from "vitest";
import { softmax } from "../reference/softmax.ts";
import { checkSampling, type Sampling, sample } from "./sampling.ts";

const logits = Float32Array.of(1, 3, -2, 2.5, 0);

/** How often each id is drawn at `draws` positions, as a share. */
function shares(sampling: Sampling, draws = 40_000): number[] {
  const counts = logits.map(() => 0);
  for (let position = 0; position < draws; position++) counts[sample(logits, sampling, 0, position).id]!++;
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
        expect(drawn.id).toBe(sample(kept, sampling, 0, position).id);
      }
    }
  });
});

describe("what a draw tells", () => {
  const many = Float32Array.from(
    { length: 3000 },
    (_, i) => 5 * Math.sin(i * 12.9898) * Math.cos(i * 78.233),
  );
  const temperature = 0.7;

  it.each([undefined, 40])("of top k %s agrees with the softmax of what is left", (topK) => {
    const least = many.toSorted()[many.length - (topK ?? many.length)]!;
    const expected = softmax(
      many.map((logit) => (logit < least ? Number.NEGATIVE_INFINITY : logit / temperature)),
      many.length,
    );
    const entropy = -expected.reduce((sum, p) => sum + (p > 0 ? p * Math.log2(p) : 0), 0);
    const ids = new Set<number>();
    for (let position = 0; position < 60; position++) {
      const draw = sample(many, { temperature, seed: 9, ...(topK && { topK }) }, 0, position);
      const before = expected.subarray(0, draw.id).reduce((sum, p) => sum + p, 0);
      expect(draw.from).toBeCloseTo(before, 6);
      expect(draw.to - draw.from).toBeCloseTo(expected[draw.id]!, 6);
      expect(draw.uniform).toBeGreaterThanOrEqual(draw.from);
      expect(draw.uniform).toBeLessThan(draw.to);
      expect(Math.exp(many[draw.id]! / temperature - draw.logSumExp)).toBeCloseTo(expected[draw.id]!, 6);
      expect(draw.entropy).toBeCloseTo(entropy, 4);
      expect(draw).toMatchObject({ kept: topK ?? many.length, min_val: least });
      expect(draw.rank).toBe(many.filter((logit) => logit > many[draw.id]!).length);
      ids.add(draw.id);
    }
    expect(ids.size).toBeGreaterThan(10);
  });

  it("keeps all that are as likely as the last of the k", () => {
    const draw = sample(Float32Array.of(1, 2, 1, 1, 0), { temperature: 1, topK: 2, seed: 1 }, 0, 0);
    expect(draw).toMatchObject({ kept: 4, min_val: 1 });
  });
});

it("all but freezes into the greedy choice near temperature zero", () => {
  expect(shares({ temperature: 0.01, seed: 2 }, 500)[1]).toBe(1);
});

it("draws the same for the same seed, row and position, and otherwise anew", () => {
  const draws = (seed: number, row: number) =>
    Array.from({ length: 40 }, (_, position) => sample(logits, { temperature: 2, seed }, row, position).id);
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
