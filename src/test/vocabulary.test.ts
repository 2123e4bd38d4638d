import { expect, test } from "vitest";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import { readVocabulary, vocabularyNote } from "../weights/checkpoint/vocabulary.ts";

// Here, because the weights know no tokenizer.

/** The letters that GPT-2's files write bytes with: those that can be seen stand for themselves, the others come behind them. */
const letters = (() => {
  const isSeen = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(isSeen(byte) ? byte : next++));
})();
const tokenizer = await loadTokenizer();
const names = Array.from({ length: tokenizer.vocabSize }, (_, id) =>
  id === tokenizer.endOfText
    ? "<|endoftext|>"
    : [...tokenizer.bytes(id)].map((byte) => letters[byte]).join(""),
);
const vocabulary = (tokens: readonly string[]) =>
  JSON.stringify(Object.fromEntries(tokens.map((name, id) => [name, id])));

test("GPT-2's is known, in any order and with tokens behind it", async () => {
  expect(names.slice(0, 3)).toEqual(["!", '"', "#"]);
  expect(names[220]).toBe("Ġ");
  expect(await vocabularyNote(vocabulary(names))).toBeUndefined();
  expect(await vocabularyNote(vocabulary([...names, "<pad>"]))).toBeUndefined();
  const backwards = Object.fromEntries(names.map((name, id) => [name, id]).reverse());
  expect(await vocabularyNote(JSON.stringify(backwards))).toBeUndefined();
});

test("any other is told of, whether it has as many tokens or not", async () => {
  const [a, b, ...rest] = names as [string, string, ...string[]];
  for (const others of [[b, a, ...rest], names.slice(0, 50256), ["a", "b"]])
    expect(await vocabularyNote(vocabulary(others))).toContain("this model's tokens are its own");
});

test.each(["", "[]", "{}", "null", "<html>", '{"a":"b"}', '{"a":1.5}', '{"__proto__":'])(
  "%j is no vocabulary, and says nothing",
  async (text) => {
    expect(await vocabularyNote(text)).toBeUndefined();
  },
);

test("one that is too large is not read", async () => {
  expect(await readVocabulary(new Blob(["{}"]))).toBe("{}");
  expect(await readVocabulary(new Blob([new Uint8Array(5 * 2 ** 20)]))).toBe("");
});
