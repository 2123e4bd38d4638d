import { describe, expect, test } from "vitest";
import { loadTokenizer } from "./tokenizer.ts";
import { visibleToken } from "./visible-token.ts";

const tokenizer = await loadTokenizer();
const utf8 = (text: string) => new TextEncoder().encode(text);

describe("visibleToken", () => {
  test.each([
    [" Feature", "·Feature"],
    ["  ", "··"],
    ["\n\n", "⏎⏎"],
    ["\t", "⇥"],
    ["\r", "<U+000D>"],
    ["\0", "<U+0000>"],
    ["\u00a0", "<U+00A0>"],
    ["\u00ad", "<U+00AD>"],
    ["\u200b", "<U+200B>"],
    ["\u202e", "<U+202E>"],
    ["\ufeff", "<U+FEFF>"],
    ["\u{e0041}", "<U+E0041>"],
    ["\u0301e\u0301", "◌\u0301e\u0301"],
    ["中é🌐\ufffd", "中é🌐\ufffd"],
    ["<b>&amp;", "<b>&amp;"],
    ["", ""],
  ])("%j", (text, shown) => {
    expect(visibleToken(utf8(text))).toBe(shown);
  });

  test.each([
    [[0xf0, 0x9f], "<0xF0><0x9F>"],
    [[0x20, 0xf0, 0x9f, 0x8c], "·<0xF0><0x9F><0x8C>"],
    [[0x90, 0x61], "<0x90>a"],
    [[0xe4, 0xb8, 0x61, 0xc3, 0xa9], "<0xE4><0xB8>aé"],
    [[0xc0, 0xaf], "<0xC0><0xAF>"],
    [[0xed, 0xa0, 0x80], "<0xED><0xA0><0x80>"],
    [[0xff], "<0xFF>"],
  ])("bytes %j", (bytes, shown) => {
    expect(visibleToken(Uint8Array.from(bytes))).toBe(shown);
  });

  test("leaves no token of the vocabulary without something to see", () => {
    const unseen = Array.from({ length: tokenizer.vocabSize }, (_, id) => id).filter(
      (id) => !/^[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]+$/u.test(visibleToken(tokenizer.bytes(id))),
    );
    expect(unseen).toEqual([]);
  });
});
