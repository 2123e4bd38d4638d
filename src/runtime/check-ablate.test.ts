import { expect, it } from "vitest";
import type { HeadOfLayer } from "../config.ts";
import { ablatedHeads } from "./check-ablate.ts";

const config = { n_layers: 3, n_heads: 2 };
const of = (ablate: unknown) => ablatedHeads(ablate as readonly HeadOfLayer[], config);

it("is the heads of each layer that lacks any, each once", () => {
  expect(
    of([
      [2, 1],
      [0, 0],
      [2, 0],
      [2, 1],
    ]),
  ).toEqual(
    new Map([
      [2, new Set([1, 0])],
      [0, new Set([0])],
    ]),
  );
});

it("is nothing where no head is named", () => {
  expect(of(undefined)).toBeUndefined();
  expect(of([])).toBeUndefined();
});

it("takes a head that is named a thousand times", () => {
  expect(of(Array(1000).fill([1, 1]))).toEqual(new Map([[1, new Set([1])]]));
});

it.each([
  ["null", null],
  ["a text", "0.1"],
  ["a number", 3],
  ["an object", { length: 1, 0: [0, 0] }],
  ["no pairs", [0, 1]],
  ["half a pair", [[0]]],
  ["three numbers", [[0, 0, 0]]],
  ["a text for a pair", ["00"]],
  ["a hole", new Array(1)],
  ["a layer that is not there", [[3, 0]]],
  ["a head that is not there", [[0, 2]]],
  ["a layer below 0", [[-1, 0]]],
  ["half a head", [[0, 0.5]]],
  ["no number", [[0, Number.NaN]]],
  ["a number as text", [["0", 0]]],
  [
    "a good one before a bad one",
    [
      [0, 0],
      [0, 9],
    ],
  ],
  ["a hundred thousand", Array(100_000).fill([0, 0])],
  ["more than memory holds", new Array(2 ** 32 - 1)],
])("refuses %s", (_, ablate) => {
  expect(() => of(ablate)).toThrow(expect.objectContaining({ name: "NextTokenError", code: "bad-option" }));
});
