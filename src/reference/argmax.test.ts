import { expect, it } from "vitest";
import { argmax } from "./argmax.ts";

it("finds the place of each row's largest value", () => {
  expect(argmax([1, 5, 2, -3, -1, -2], 3)).toEqual([1, 1]);
  expect(argmax([9, 1, 1, 1, 1, 9], 3)).toEqual([0, 2]);
});

it("takes the first of equal values", () => {
  expect(argmax([2, 7, 7, 1, 0, 0, 0, 0], 4)).toEqual([1, 0]);
});
