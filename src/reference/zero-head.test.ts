import { expect, it } from "vitest";
import { zeroHead } from "./zero-head.ts";

it("zeroes the head's columns of every row, and no other", () => {
  const context_vec = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
  expect([...zeroHead(context_vec, 3, 1, 6)]).toEqual([1, 2, 0, 0, 5, 6, 7, 8, 0, 0, 11, 12]);
});
