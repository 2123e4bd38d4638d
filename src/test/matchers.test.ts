import { describe, expect, it } from "vitest";
import { expectClose, maxAbsError } from "./matchers.ts";

describe("maxAbsError", () => {
  it("is the largest distance, whichever side is larger", () => {
    expect(maxAbsError([1, 2, 3], [1, 2.5, 3.25])).toBe(0.5);
    expect(maxAbsError([4], [1])).toBe(3);
    expect(maxAbsError([-0, 5], [0, 5])).toBe(0);
  });

  it.each([NaN, Infinity, -Infinity])("is infinite when %s stands on either side, or on both", (value) => {
    expect(maxAbsError([1, value], [1, 2])).toBe(Infinity);
    expect(maxAbsError([1, 2], [1, value])).toBe(Infinity);
    expect(maxAbsError([value], [value])).toBe(Infinity);
  });

  it("refuses lists of different or no length", () => {
    expect(() => maxAbsError([1], [1, 2])).toThrow("1 values cannot be compared with 2");
    expect(() => maxAbsError([], [])).toThrow("Nothing to compare");
  });
});

describe("expectClose", () => {
  it("passes within abs + rel * |expected|, and returns the largest absolute error", () => {
    expect(expectClose([1.5, -100.5], [1, -100], { abs: 0.5, rel: 0.01 })).toBe(0.5);
    expect(expectClose([7], [7], {})).toBe(0);
  });

  it("names the element that misses the tolerance most, not the one furthest away", () => {
    const compare = () => expectClose([1004, 1.5], [1000, 1], { rel: 0.01 });
    expect(compare).toThrow("element 1 of 2 is 1.5, expected 1: 50 times the tolerance");
  });

  it("fails on a value that is no number, however wide the tolerance", () => {
    expect(() => expectClose([0, NaN], [0, 0], { abs: 1e30 })).toThrow("element 1 of 2 is NaN");
    expect(() => expectClose([Infinity], [Infinity], { abs: 1e30 })).toThrow("element 0 of 1 is Infinity");
  });

  it("needs equality where the tolerance is 0", () => {
    expect(() => expectClose([1e-30], [0], { rel: 0.5 })).toThrow("element 0");
  });

  it.each([{ abs: NaN }, { rel: -1 }, { abs: Infinity }])("refuses %o as a tolerance", (tolerance) => {
    expect(() => expectClose([5], [0], tolerance)).toThrow("no tolerance");
  });
});
