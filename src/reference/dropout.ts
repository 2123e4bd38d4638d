const A = 1132489760;
const M = 2 ** 31 - 1;

/** a * x mod (2^31 - 1) for the generator MCG31m1; x is multiplied in two halves, since 2^62 is beyond a double. */
const nextState = (x: number) => (((A * (x >>> 16)) % M) * 65536 + A * (x & 0xffff)) % M;

/**
 * Which values a call of dropout keeps: element i, in memory order, stays where the i-th uniform number is below 1 - p.
 * The numbers are PyTorch's on an Intel processor: the stream MCG31m1, x / (2^31 - 1), beginning with the seed itself.
 *
 * @param seed one 32-bit draw of the model's generator; reduced mod 2^31 - 1, and 0 counts as 1
 * @param p the rate: the share of values that is dropped
 * @returns [length] of 0 and 1
 */
export function keepMask(length: number, seed: number, p: number): Uint8Array {
  const keep = new Uint8Array(length);
  let x = seed % M || 1;
  for (let i = 0; i < length; i++) {
    keep[i] = x / M < 1 - p ? 1 : 0;
    x = nextState(x);
  }
  return keep;
}

/** The kept values divided by 1 - p, so that the expected value stays the same; the others become 0. Any shape. */
export function applyKeep(x: ArrayLike<number>, keep: ArrayLike<number>, p: number): Float64Array {
  return Float64Array.from(x, (value, i) => (keep[i] ? value / (1 - p) : 0));
}

/** Dropout with rate p, as PyTorch has it in training mode; `seed` as in {@link keepMask}. Any shape. */
export function dropout(x: ArrayLike<number>, seed: number, p: number): Float64Array {
  return applyKeep(x, keepMask(x.length, seed, p), p);
}
