import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";

/** GPT-2's vocabulary as its two files write it: a sign for each byte, and the pairs that are joined, the first first. */
export interface VocabularyFiles {
  /** By id. */
  tokens: string[];
  merges: string[];
}

/** Bytes that no sign stands for in print are written as the signs from 256 on. */
const signs = (() => {
  const printed = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printed(byte) ? byte : next++));
})();

export async function vocabularyFiles(): Promise<VocabularyFiles> {
  const tokenizer = await loadTokenizer();
  const tokens = Array.from({ length: tokenizer.endOfText }, (_, id) =>
    Array.from(tokenizer.bytes(id), (byte) => signs[byte]).join(""),
  );
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const merges = tokens.filter((token) => [...token].length > 1).map((token) => joined([...token], ids));
  return { tokens: [...tokens, "<|endoftext|>"], merges };
}

/** Joins neighbours, the earliest pair first, by pairs that come before the token itself: two parts are left. */
function joined(parts: string[], ids: Map<string, number>): string {
  while (parts.length > 2) {
    const ranks = parts.slice(1).map((part, i) => ids.get(parts[i]! + part) ?? Number.POSITIVE_INFINITY);
    const first = ranks.indexOf(Math.min(...ranks));
    parts.splice(first, 2, parts[first]! + parts[first + 1]!);
  }
  return parts.join(" ");
}
