import { NextTokenError } from "../errors.ts";

/** How to draw the next token instead of taking the likeliest. */
export interface Sampling {
  /** Logits are divided by it before the softmax: below 1 the likely get likelier, above 1 the odds even out. */
  temperature: number;
  /** Draw among this many of the likeliest only. Default: the whole vocabulary. */
  topK?: number;
  /** A whole number from 0 to 2^32 - 1. The same seed draws the same text. */
  seed: number;
}

/** Throws `bad-option` unless `sampling` can be drawn with. */
export function checkSampling({ temperature, topK = 1, seed }: Sampling): void {
  if (!(temperature > 0 && temperature <= 100)) {
    throw new NextTokenError(
      "bad-option",
      `temperature is ${temperature}; it must lie above 0, at most 100.`,
    );
  }
  if (!Number.isSafeInteger(topK) || topK < 1) {
    throw new NextTokenError("bad-option", `sampling.topK is ${topK}; it must be a whole number from 1 on.`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new NextTokenError(
      "bad-option",
      `sampling.seed is ${seed}; use a whole number from 0 to 4294967295.`,
    );
  }
}

/**
 * Draws one id from the softmax of `logits` [vocab_size] at the temperature asked for.
 * The draw depends on the seed, the row and the position alone, so a text that is interrupted and continued gets the same
 * tokens.
 */
export function sample(
  logits: Float32Array,
  { temperature, topK = logits.length, seed }: Sampling,
  row: number,
  position: number,
): number {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const least = topK < logits.length ? kthLargest(logits, topK) : Number.NEGATIVE_INFINITY;
  const weight = (logit: number) => (logit < least ? 0 : Math.exp((logit - largest) / temperature));

  let total = 0;
  for (const logit of logits) total += weight(logit);
  let left = uniform(seed, row, position) * total;
  let last = 0;
  for (let id = 0; id < logits.length; id++) {
    const w = weight(logits[id]!);
    if (w === 0) continue;
    last = id; // where rounding leaves a remainder, the last id is drawn
    left -= w;
    if (left < 0) break;
  }
  return last;
}

/** Partitions a copy around a pivot, again and again only the part that holds the k-th largest: quickselect. */
function kthLargest(values: Float32Array, k: number): number {
  const v = values.slice();
  const at = v.length - k; // where it stands once they are sorted
  let low = 0;
  let high = v.length - 1;
  while (low < high) {
    const pivot = v[(low + high) >>> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (v[i]! < pivot) i++;
      while (v[j]! > pivot) j--;
      if (i > j) break;
      const swapped = v[i]!;
      v[i++] = v[j]!;
      v[j--] = swapped;
    }
    // Up to j none is larger than the pivot, from i on none is smaller, and what lies between them equals it.
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else break;
  }
  return v[at]!;
}

/** A number in [0, 1) with 32 random bits: a hash (the finalizer of MurmurHash3), so that there is no state to carry. */
function uniform(seed: number, row: number, position: number): number {
  let bits = seed;
  for (const word of [row, position]) bits = mix((bits ^ Math.imul(word + 1, 0x9e3779b1)) >>> 0);
  return bits / 2 ** 32;
}

function mix(bits: number): number {
  let h = bits;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
