import { expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../config.ts";
import { checkIdx } from "./check-idx.ts";

const check = (idx: readonly (readonly number[])[]) => checkIdx(idx, GPT_CONFIG_124M);
const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });

it("takes rows of equal length, from the first id to the last", () => {
  check([[0]]);
  check([
    [15496, 11, 50256],
    [0, 0, 0],
  ]);
});

it("refuses a batch without a row, and a row without a token", () => {
  expect(() => check([])).toThrow(failure("empty-row"));
  expect(() => check([[]])).toThrow(failure("empty-row"));
  expect(() => check([[1], []])).toThrow(failure("empty-row"));
  expect(() => check([[], [1]])).toThrow(failure("empty-row"));
  expect(() => check([[1], []])).toThrow("Row 1 has no token");
});

it("refuses rows of different lengths, and says which", () => {
  expect(() => check([[1, 2], [1, 2], [1]])).toThrow(failure("ragged-batch"));
  expect(() => check([[1], [1, 2]])).toThrow("Row 1 has 2 tokens and row 0 has 1.");
});

it.each([-1, 50257, 1.5, Number.NaN, Infinity, "7" as unknown as number])("refuses the id %s", (id) => {
  expect(() => check([[id]])).toThrow(failure("id-out-of-range"));
  expect(() =>
    check([
      [1, 2],
      [3, id],
    ]),
  ).toThrow(
    `Token id ${id} in row 1 is not a whole number from 0 to 50256: the model has vocab_size=50257. Give it other tokens`,
  );
});

it("refuses a row with a hole in it", () => {
  const row = [1, 2, 3];
  delete row[1];
  expect(() => check([row])).toThrow(failure("id-out-of-range"));
});
