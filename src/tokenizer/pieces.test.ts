import fc from "fast-check";
import ranks from "js-tiktoken/ranks/gpt2";
import { describe, expect, test } from "vitest";
import { pieces } from "./pieces.ts";

const cut = (text: string): string[] => [...pieces(text)].filter((piece) => piece !== undefined);

/** The rule that comes with the ranks, with \s as tiktoken understands it. */
const rule = new RegExp(
  ranks.pat_str.replaceAll("\\s", "\\p{White_Space}").replaceAll("\\S", "\\P{White_Space}"),
  "gu",
);
const expected = (text: string): string[] => text.match(rule) ?? [];

describe("cuts a text where GPT-2 does", () => {
  test.each([
    [
      "Hello, I'm  10 years\n\nold. ",
      ["Hello", ",", " I", "'m", " ", " 10", " years", "\n", "\n", "old", ".", " "],
    ],
    ["we'd've DON'T", ["we", "'d", "'ve", " DON", "'", "T"]],
    ["a\ufeffb \ufeff c", ["a", "\ufeff", "b", " \ufeff", " c"]], // no white space
    ["a\u180eb", ["a", "\u180e", "b"]], // nor this, since Unicode 6.3
    ["a\u0085b \u0085c", ["a", "\u0085", "b", " ", "\u0085", "c"]], // white space
    ["a\u2003\u3000b", ["a", "\u2003", "\u3000", "b"]],
    ["x² Ⅷ½", ["x", "²", " Ⅷ½"]],
    ["a\ud800b", ["a", "\ud800", "b"]],
    ["", []],
  ])("%j", (text, parts) => {
    expect(cut(text)).toEqual(parts);
  });

  test("as the rule that comes with the ranks", () => {
    const character = fc.oneof(
      fc.constantFrom("a", "Z", "1", " ", "  ", "\n", "\t", "'s", "'re", "'", "é", "中", "😀", "-", "\u00a0"),
      fc.constantFrom(
        "\u0085",
        "\ufeff",
        "\u180e",
        "\u200b",
        "\u2028",
        "\u3000",
        "\u001c",
        "\ud83d",
        "\ude00",
        "\u0301",
      ),
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.array(character, { maxLength: 40 }), (characters) => {
        const text = characters.join("");
        return cut(text).join("|") === expected(text).join("|");
      }),
      { numRuns: 5000, seed: 123 },
    );
  }, 30_000);

  test("however long a piece is", () => {
    const before = ["", " ", "y"];
    const after = ["", " ", "  ", "\n", "\nx", "x", " x", "  x", "1", "!", "'s", "😀"];
    for (const unit of ["x", "学", "=", "😀", " ", "\n"]) {
      for (const count of [2 ** 16 - 1, 2 ** 16, 2 ** 16 + 1]) {
        const run = unit.repeat(count);
        const texts = [...before.map((start) => start + run), ...after.map((end) => run + end)];
        const differing = texts.filter((text) => cut(text).join("|") !== expected(text).join("|"));
        expect(differing.map((text) => [unit, count, text.slice(0, 3), text.slice(-3)])).toEqual([]);
      }
    }
  }, 30_000);
});

test("takes pieces that are too long for one regular expression, and breaks while it does", () => {
  const text = "学".repeat(8_000_000);
  const parts = [...pieces(text)];
  expect(parts.at(-1)).toBe(text);
  expect(parts.length).toBeGreaterThan(100);
});
