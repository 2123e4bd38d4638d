import { describe, expect, it } from "vitest";
import { nanBits, randomValues } from "./values.ts";

const isOutlier = (v: number) => Math.abs(v) >= 1 || Math.abs(v) < 2 ** -126;

describe("randomValues", () => {
  it("gives the same numbers for the same seed, and others for another", () => {
    expect(randomValues(100, 1)).toEqual(randomValues(100, 1));
    expect(randomValues(100, 1)).not.toEqual(randomValues(100, 2));
    expect(randomValues(100, 0)).not.toEqual(randomValues(100, 1));
  });

  it("spreads them evenly over [-1, 1)", () => {
    const values = randomValues(10_000, 3);
    const mean = values.reduce((sum, v) => sum + v) / values.length;
    const square = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    expect(Math.abs(mean)).toBeLessThan(0.03); // five standard errors of 0.0058
    expect(Math.abs(square - 1 / 3)).toBeLessThan(0.015); // five of 0.003
    expect(values.every((v) => v >= -1 && v < 1)).toBe(true);
  });

  it.each([16, 100, 769])("places each outlier among %i values, and never more than half", (length) => {
    const values = [...randomValues(length, 4, { outliers: true })];
    for (const outlier of [0, -0, 2 ** -140, -(2 ** -140), 1e3, -1e3, 3e4, -3e4]) {
      expect(values.some((v) => Object.is(v, outlier))).toBe(true);
    }
    expect(values.filter(isOutlier).length).toBe(Math.max(8, Math.floor(length / 40)));
  });

  it("leaves a single value alone", () => {
    expect([...randomValues(1, 5, { outliers: true })].some(isOutlier)).toBe(false);
  });
});

describe("nanBits", () => {
  it("is NaN everywhere", () => {
    expect([...nanBits(5)]).toEqual([NaN, NaN, NaN, NaN, NaN]);
  });
});
