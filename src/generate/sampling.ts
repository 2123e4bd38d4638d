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

/** How an id was drawn from a row of logits. Probabilities are those after top k and temperature. */
export interface Draw {
  id: number;
  /** The number that was drawn, at least 0 and below 1. */
  uniform: number;
  /** The stretch of [0, 1) that belongs to the id, the ids' probabilities laid end to end in their order. */
  from: number;
  to: number;
  /** How many tokens could be drawn: the k likeliest, and those that are as likely as the last of them. */
  kept: number;
  /** The smallest of their logits. */
  min_val: number;
  /** ln of the sum of e^(logit / temperature) over them: a probability is e^(logit / temperature - logSumExp). */
  logSumExp: number;
  /** Of their probabilities, in bits. */
  entropy: number;
  /** How many logits of the row are larger than the id's: 0 for the likeliest. */
  rank: number;
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
): Draw {
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const min_val = topK < logits.length ? kthLargest(logits, topK) : logits.reduce((a, b) => Math.min(a, b));

  let total = 0; // of e^((logit - largest) / temperature), which cannot overflow
  let weighted = 0;
  let kept = 0;
  for (const logit of logits) {
    if (logit < min_val) continue;
    const exponent = (logit - largest) / temperature;
    const weight = Math.exp(exponent);
    total += weight;
    weighted += exponent * weight;
    kept++;
  }

  const drawn = uniform(seed, row, position);
  let id = 0;
  let from = 0;
  let to = 0;
  for (let candidate = 0; candidate < logits.length; candidate++) {
    const logit = logits[candidate]!;
    if (logit < min_val) continue;
    id = candidate; // where rounding leaves a remainder, the last id is drawn
    from = to;
    to += Math.exp((logit - largest) / temperature);
    if (drawn * total < to) break;
  }
  const rank = logits.reduce((count, logit) => count + (logit > logits[id]! ? 1 : 0), 0);
  return {
    id,
    uniform: drawn,
    from: from / total,
    to: to / total,
    kept,
    min_val,
    logSumExp: largest / temperature + Math.log(total),
    entropy: (Math.log(total) - weighted / total) / Math.LN2,
    rank,
  };
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
