import { expect, it } from "vitest";
import type { HeadOfLayer } from "../config.ts";
import {
  headsAmong,
  headsIn,
  missingHeads,
  readHeads,
  sortedHeads,
  withoutHeads,
  writtenHeads,
} from "./ablate.ts";

const config = { context_length: 64, vocab_size: 400, n_layers: 4, n_heads: 2 };
const heads: HeadOfLayer[] = [
  [0, 1],
  [3, 0],
];

it("are written and read, in one order and each once", () => {
  expect(writtenHeads(heads)).toBe("0.1,3.0");
  for (const text of ["0.1,3.0", " 3.0\n0.1 ", "3.0, 0.1,,3.0 0.1", "00.01,3.0"])
    expect(readHeads(text)).toEqual({ heads, isWhole: true });
  expect(
    sortedHeads([
      [10, 2],
      [9, 11],
      [9, 2],
      [10, 2],
    ]),
  ).toEqual([
    [9, 2],
    [9, 11],
    [10, 2],
  ]);
});

it.each([
  "x",
  "1",
  "1.",
  ".1",
  "-1.0",
  "1.2.3",
  "1e3.0",
  "12345.0",
  "0x1.0",
  "__proto__.0",
  "1.0;2.0",
  "١.٠",
])("%s is no head, and does not stand in the way of others", (text) => {
  expect(readHeads(text)).toEqual({ heads: [], isWhole: false });
  expect(readHeads(`3.0,${text},0.1`)).toEqual({ heads, isWhole: false });
});

it("are no more than a model could have, however long the text or the list", () => {
  const many = Array.from({ length: 3000 }, (_, i) => [i, 0]);
  expect(headsAmong(many)).toMatchObject({ isWhole: false });
  expect(headsAmong(many).heads).toHaveLength(2000);
  expect(readHeads(many.map((head) => head.join(".")).join()).heads).toHaveLength(2000);
  expect(readHeads("1.1,".repeat(1e6))).toEqual({ heads: [], isWhole: false });
});

it("are written as they are read, however many they are", () => {
  const all = Array.from({ length: 2000 }, (_, i): HeadOfLayer => [9999, 9999 - i]).reverse();
  expect(readHeads(writtenHeads(all))).toEqual({ heads: all, isWhole: true });
});

it("of a list are its pairs of whole numbers", () => {
  const list = [[3, 0], [1], [0.5, 1], [-1, 0], [10_000, 0], "1.1", null, undefined, [1, 2, 3], [0, 1]];
  expect(headsAmong(list)).toEqual({ heads, isWhole: false });
  expect(headsAmong(heads)).toEqual({ heads, isWhole: true });
});

it("that a model does not have are left out and named", () => {
  const wanted: HeadOfLayer[] = [...heads, [3, 2], [4, 0]];
  expect(headsIn(config, wanted)).toEqual(heads);
  expect(missingHeads(config, heads)).toBeUndefined();
  expect(missingHeads(config, wanted)).toBe(
    "Of the heads to be taken away this model does not have 3.2, 4.0: its layers end at 3, its heads at 1.",
  );
  const many = Array.from({ length: 9 }, (_, head): HeadOfLayer => [7, head]);
  expect(missingHeads(config, many)).toContain("9 heads");
});

it("that are away are told in a few words", () => {
  expect(withoutHeads([])).toBeUndefined();
  expect(withoutHeads([[2, 1]])).toBe("without head 2.1");
  expect(withoutHeads(heads)).toBe("without heads 0.1, 3.0");
  expect(withoutHeads(Array(12).fill([0, 0]))).toBe("without 12 heads");
});
