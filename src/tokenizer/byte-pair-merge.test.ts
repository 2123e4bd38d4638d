import fc from "fast-check";
import { Tiktoken } from "js-tiktoken/lite";
import ranks from "js-tiktoken/ranks/gpt2";
import { describe, expect, test } from "vitest";
import { mergeBytePairs } from "./byte-pair-merge.ts";
import { readVocabulary } from "./vocabulary.ts";

/** Runs `steps` to their end. */
function result<Result>(steps: Generator<unknown, Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value as Result;
  }
}

const vocabulary = result(readVocabulary(ranks));
const utf8 = new TextEncoder();

function merge(piece: string): number[] {
  const ids: number[] = [];
  result(mergeBytePairs(utf8.encode(piece), vocabulary, ids));
  return ids;
}

/** js-tiktoken, for which every text is one piece. */
const tiktoken = new Tiktoken({ ...ranks, pat_str: "[^]+" });
const expected = (piece: string): number[] => tiktoken.encode(piece, [], []);

describe("gives js-tiktoken's ids", () => {
  test.each([
    ..."x=_ .1aé中😀\0\u0085".match(/./gsu)!,
    "ab",
    "aba",
    "the",
    "na",
    "=-",
    "ÃÂ",
    "学生们打开笔记本",
    "31415926",
  ])("for runs of %j", (unit) => {
    for (const length of [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 300]) {
      const piece = unit.repeat(Math.ceil(length / unit.length));
      expect(merge(piece)).toEqual(expected(piece));
    }
  });

  test("for 10,000 random pieces", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 40 }), // any characters
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), // accents, flags, emoji families
      fc.string({ unit: fc.constantFrom(..."etaoinshrdlu"), minLength: 1, maxLength: 40 }), // many pairs of equal rank
      fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 40 }),
      fc.string({ unit: fc.constantFrom("=", "-", "--", "==="), minLength: 1, maxLength: 60 }),
      fc
        .array(fc.nat({ max: 50255 }), { minLength: 2, maxLength: 6 }) // tokens, which may merge with their neighbours
        .map((ids) => tiktoken.decode(ids)),
    );
    fc.assert(
      fc.property(piece, (piece) => String(merge(piece)) === String(expected(piece))),
      { numRuns: 10_000, seed: 123 },
    );
  }, 60_000);
});

test("of pairs with equal rank the leftmost merges first", () => {
  expect(merge("eee")).toEqual([1453, 68]); // "ee" and "e": "eee" is no token
});

test("breaks often, and says how far it is", () => {
  const shares = [...mergeBytePairs(utf8.encode("x".repeat(100_000)), vocabulary, [])];
  expect(shares.length).toBeGreaterThan(200);
  for (const share of shares) expect(share >= 0 && share <= 1).toBe(true);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
});
