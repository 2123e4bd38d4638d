import { describe, expect, it } from "vitest";
import { clockStep, median, summarize } from "./statistics.ts";

describe("summarize", () => {
  it("takes the middle of an odd number of values, whatever their order", () => {
    expect(summarize([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9, spread: 8 / 5, n: 3 });
  });

  it("takes the mean of the middle two of an even number", () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  it("sorts as numbers, not as words", () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  it("leaves its argument alone", () => {
    const values = [3, 1, 2];
    summarize(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it("knows a single value without spread, and refuses none", () => {
    expect(summarize([7])).toEqual({ median: 7, min: 7, max: 7, spread: 0, n: 1 });
    expect(() => summarize([])).toThrow("nothing to summarize");
  });

  it("has no spread where all values are zero", () => {
    expect(summarize([0, 0]).spread).toBe(0);
  });
});

describe("clockStep", () => {
  it("finds the step that all readings are multiples of", () => {
    expect(clockStep([300_000n, 1_000_000n, 700_000n])).toBe(100_000n);
    expect(clockStep([65536n * 3n, 65536n * 7n])).toBe(65536n);
  });

  it("is one nanosecond for a clock without steps", () => {
    expect(clockStep([10n, 21n])).toBe(1n);
  });
});
