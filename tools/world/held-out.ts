import { mix } from "./random.ts";

/** The share of texts that a model is trained on, or the one that it is only asked about. */
export type Share = "training" | "held-out";

/** Of pairs of words, and of facts in one sentence's shape, one in so many is never trained on. */
const ONE_IN = 10;

/** Whether no text for training says `left` and `right` together; it does not matter in which order. */
export function isHeldOutPair(left: string, right: string): boolean {
  const pair = left < right ? `${left} ${right}` : `${right} ${left}`;
  const known = decided.get(pair);
  if (known !== undefined) return known;
  const isHeldOut = mix(hash(pair)) % ONE_IN === 0;
  decided.set(pair, isHeldOut);
  return isHeldOut;
}

/** A few thousand pairs are asked about millions of times. */
const decided = new Map<string, boolean>();

/** Whether no text for training says `fact` in sentences of this `shape`; it does in others. */
export const isHeldOutSentence = (shape: string, fact: string): boolean =>
  mix(hash(`${shape} ${fact}`)) % ONE_IN === 0;

/** A number by the letters of `text`. */
function hash(text: string): number {
  let bits = 0;
  for (const letter of text) bits = mix(bits ^ letter.codePointAt(0)!);
  return bits;
}
