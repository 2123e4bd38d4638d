import { expect, it } from "vitest";
import { padOrTruncate } from "./ragged-prompts.ts";

const rows = [[1, 2, 3], [4], [5, 6]];

it("refuses rows of unequal length, and says how long they are", () => {
  expect(() => padOrTruncate(rows, "error", 9)).toThrow(
    expect.objectContaining({ code: "ragged-batch", message: expect.stringContaining("3, 1, 2 tokens") }),
  );
});

it("crops or pads them when asked, so that the ends of the texts stay", () => {
  expect(padOrTruncate(rows, "truncate", 9)).toEqual([[3], [4], [6]]);
  expect(padOrTruncate(rows, "pad", 9)).toEqual([
    [1, 2, 3],
    [9, 9, 4],
    [9, 5, 6],
  ]);
});

it("leaves equal rows alone", () => {
  for (const how of ["error", "truncate", "pad"] as const) {
    expect(padOrTruncate([[1], [2]], how, 9)).toEqual([[1], [2]]);
  }
});
