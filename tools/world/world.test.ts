import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { isHeldOutPair, type Share } from "./held-out.ts";
import { Random } from "./random.ts";
import { writeTasks } from "./tasks.ts";
import type { Text } from "./template.ts";
import { writeWindow } from "./windows.ts";
import { animals, colors, girls, names, places, plurals, things } from "./words.ts";
import { END_OF_TEXT, kinds, writeKind, writeText } from "./world.ts";

const tokenizer = await loadTokenizer();
const named = new Set([...names, ...things, ...places, ...animals, ...colors]);
const factKinds = new Set("days months numbers letters sums opposites animals plurals reasons".split(" "));
const castKinds = kinds.filter(({ name }) => !factKinds.has(name));

function textsOf(kind: (typeof kinds)[number], share: Share, count: number): Text[] {
  const random = new Random(share === "training" ? 21 : 22);
  return Array.from({ length: count }, () => writeKind(kind, random, share));
}

/** The people, things, places, animals and colors of a text, each once. */
const namedIn = (text: string): string[] => [
  ...new Set((text.match(/[A-Za-z]+/g) ?? []).filter((word) => named.has(word))),
];

/** Pairs of a text's words that are held out. An animal may be said beside its own plural's. */
const heldOutPairs = (text: string): string[] =>
  namedIn(text).flatMap((left, i, all) =>
    all
      .slice(i + 1)
      .filter((right) => isHeldOutPair(left, right))
      .map((right) => `${left} ${right}: ${text}`),
  );

test("there are at least twelve kinds and thousands of sentence shapes", () => {
  expect(kinds.length).toBeGreaterThanOrEqual(12);
  expect(kinds.reduce((sum, { shapes }) => sum + shapes, 0)).toBeGreaterThan(5000);
  expect(new Set(kinds.map(({ name }) => name)).size).toBe(kinds.length);
});

test.each(kinds)("no text of $name for training says a held-out pair", (kind) => {
  expect(textsOf(kind, "training", 1500).flatMap(({ text }) => heldOutPairs(text))).toEqual([]);
});

test.each(castKinds)("each held-out text of $name says one", (kind) => {
  const without = textsOf(kind, "held-out", 1500).filter(({ text }) => heldOutPairs(text).length === 0);
  expect(without).toEqual([]);
});

test.each(kinds)("no held-out text of $name is among 5,000 for training", (kind) => {
  const read = new Set(textsOf(kind, "training", 5000).map(({ text }) => text));
  expect(textsOf(kind, "held-out", 500).filter(({ text }) => read.has(text))).toEqual([]);
});

test.each(kinds)("$name has words that can be known, each a token after a prompt", (kind) => {
  for (const { prompt, answer, ids, answerId } of writeTasks(
    kind,
    50,
    tokenizer,
    new Random(3),
    "held-out",
  )) {
    expect(tokenizer.encode(prompt + answer)).toEqual([...ids, answerId]);
    expect(answer).toMatch(/^ \w+$/);
  }
});

test("a text's tokens are the same alone and after another", () => {
  const random = new Random(9);
  const texts = Array.from({ length: 300 }, () => writeText(random, "training").text + END_OF_TEXT);
  expect(tokenizer.encode(texts.join(""))).toEqual(texts.flatMap((text) => tokenizer.encode(text)));
});

test("texts are sentences: a capital or a digit, one space between words, no gap left", () => {
  for (const { text } of kinds.flatMap((kind) => textsOf(kind, "training", 500))) {
    expect(text).toMatch(/^[A-Z0-9].*[.?\d]$/);
    expect(text).not.toMatch(/ {2}|[[\]{}()|]| [.,?:]|\ban? ?[aeio]|undefined/);
  }
});

test("a story of one person keeps to one of she and he", () => {
  const kind = kinds.find(({ name }) => name === "he-and-she")!;
  const alone = textsOf(kind, "training", 1000).filter(
    ({ text }) => namedIn(text).filter((word) => names.includes(word)).length === 1,
  );
  expect(alone.length).toBeGreaterThan(300);
  for (const { text } of alone) {
    const isGirl = namedIn(text).some((word) => girls.includes(word));
    expect(text).toMatch(isGirl ? /\b(she|her)\b/i : /\b(he|his|him)\b/i);
    expect(text).not.toMatch(isGirl ? /\b(he|his|him)\b/i : /\b(she|her)\b/i);
  }
});

test("more than one is said in the plural", () => {
  const kind = kinds.find(({ name }) => name === "plurals")!;
  for (const { text } of textsOf(kind, "training", 1000))
    for (const [, word] of text.matchAll(/\b(?:two|three|four|five|six|seven|eight|nine) (\w+)/g))
      expect(plurals).toContain(word);
});

test("windows are as long as asked, and of every sixth a text's beginning is cut off", () => {
  const random = new Random(6);
  const windows = Array.from({ length: 600 }, () => writeWindow(65, tokenizer, random, "training"));
  expect(windows.every(({ length }) => length === 65)).toBe(true);
  const within = windows.filter((ids) => !/^[A-Z0-9]/.test(tokenizer.decode(ids)));
  expect(within.length).toBeGreaterThan(40);
  expect(within.length).toBeLessThan(110);
});

test("these are the texts that the small model was trained on", () => {
  const random = new Random(1);
  const hash = createHash("sha256");
  for (let i = 0; i < 2000; i++) hash.update(writeText(random, "training").text + END_OF_TEXT);
  for (let i = 0; i < 2000; i++) hash.update(writeText(random, "held-out").text + END_OF_TEXT);
  expect(hash.digest("hex").slice(0, 16), "Who changes the world has to train again.").toBe(
    "af01e85c915ece3f",
  );
});
