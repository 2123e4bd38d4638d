import { NextTokenError } from "../next-token-error.ts";

// js-tiktoken cuts a text into pieces (words, numbers, runs of punctuation or of white space) and merges the bytes of
// each piece in time that grows with the square of its length. Both limits together keep a text well under a second.

/** Bounds what a text costs however short its pieces are. */
export const MAX_CHARACTERS = 100_000;

/** Bounds what its pieces cost: all of them together no more than one piece of this many bytes would (about 0.2 s). */
const MAX_PIECE_BYTES = 1500;

/**
 * Does nothing for a text that js-tiktoken encodes quickly.
 * @param pattern the source of the regular expression whose matches are the text's pieces
 * @throws NextTokenError "text-too-long" for any other text
 */
export function refuseSlowText(text: string, pattern: string): void {
  if (text.length > MAX_CHARACTERS) {
    throw new NextTokenError(
      "text-too-long",
      `The text has ${count(text.length)} characters; at most ${count(MAX_CHARACTERS)} can be split into tokens. ` +
        "Use a shorter text.",
    );
  }
  const utf8 = new TextEncoder();
  let work = 0;
  let longest = 0;
  for (const [piece] of text.matchAll(new RegExp(pattern, "gu"))) {
    work += utf8.encode(piece).length ** 2;
    longest = Math.max(longest, piece.length);
  }
  if (work > MAX_PIECE_BYTES ** 2) {
    throw new NextTokenError(
      "text-too-long",
      "Splitting this text into tokens would take too long, because of its long runs of one kind of character " +
        `(the longest has ${count(longest)}). Use a shorter text, or break the runs up.`,
    );
  }
}

const count = (n: number): string => n.toLocaleString("en");
