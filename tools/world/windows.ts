import type { Tokenizer } from "../../src/tokenizer/tokenizer.ts";
import type { Share } from "./held-out.ts";
import type { Random } from "./random.ts";
import { END_OF_TEXT, writeText } from "./world.ts";

/** One of so many windows begins within a text, as the cropped context of a long text does. */
const ONE_IN_BEGINS_WITHIN = 6;
/** How far within, at most. */
const LONGEST_CUT = 40;

/** `length` tokens of texts after each other; the last one is cut off where the window ends. */
export function writeWindow(length: number, tokenizer: Tokenizer, random: Random, share: Share): number[] {
  const cut = random.below(ONE_IN_BEGINS_WITHIN) === 0 ? random.below(LONGEST_CUT) : 0;
  const ids: number[] = [];
  while (ids.length < cut + length)
    ids.push(...tokenizer.encode(writeText(random, share).text + END_OF_TEXT));
  return ids.slice(cut, cut + length);
}
