import { expect, it } from "vitest";
import { expectSame, expectWithin } from "./expect-within.ts";

it("passes where every value is within its own bound, and tells how much of a bound is used", () => {
  expect(expectWithin([1.5, -2], { expected: [1, -2], bound: [2, 0] })).toBe(0.25);
});

it("names the element that misses its bound most, not the one furthest away", () => {
  const compare = () => expectWithin([1010, 1.5], { expected: [1000, 1], bound: [10, 0.25] });
  expect(compare).toThrow("element 1 of 2 is 1.5, expected 1 within 0.25");
});

it.each([NaN, Infinity, -Infinity])("fails on %s, wherever it stands", (value) => {
  const huge = [1e300, 1e300, 1e300];
  for (let i = 0; i < 3; i++) {
    const actual = [0, 5, 0];
    actual[i] = value;
    expect(() => expectWithin(actual, { expected: [0, 0, 0], bound: huge })).toThrow(`element ${i} of 3`);
  }
});

it("refuses bounds that hold for anything, and lists that do not match", () => {
  for (const bound of [Infinity, NaN, -1]) {
    expect(() => expectWithin([1], { expected: [1], bound: [bound] })).toThrow("has the bound");
  }
  expect(() => expectWithin([1, 2], { expected: [1], bound: [1] })).toThrow("2 values");
  expect(() => expectWithin([1], { expected: [1], bound: [] })).toThrow("0 bounds");
  expect(() => expectWithin([], { expected: [], bound: [] })).toThrow("0 values");
});

it("tells the smallest difference where values must be the same", () => {
  expectSame([1, 2], [1, 2]);
  expect(() => expectSame([1, 2 + 2 ** -50], [1, 2])).toThrow("element 1");
});
