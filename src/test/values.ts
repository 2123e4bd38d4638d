const DENORMAL = 2 ** -140;
const OUTLIERS = [0, -0, DENORMAL, -DENORMAL, 1e3, -1e3, 3e4, -3e4];

/** Uniform numbers in [0, 1), the same for the same seed: Marsaglia's 32-bit xorshift (13, 17, 5). */
function xorshift(seed: number): () => number {
  let x = Math.imul(seed, 0x9e3779b1) ^ 0x2545f491 || 1; // neighbouring seeds begin far apart; 0 would stay 0
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

/**
 * `length` numbers in [-1, 1), the same for the same seed.
 * With `outliers`, one in forty is a number that kernels stumble over (0, -0, a denormal, +-1e3, +-3e4), spread over
 * the whole length: at least each of the eight once, but never more than half of the values.
 */
export function randomValues(
  length: number,
  seed: number,
  { outliers = false } = {},
): Float32Array<ArrayBuffer> {
  const next = xorshift(seed);
  const values = Float32Array.from({ length }, () => 2 * next() - 1);
  if (!outliers) return values;
  const count = Math.min(Math.max(OUTLIERS.length, Math.floor(length / 40)), Math.floor(length / 2));
  const offset = Math.floor(next() * OUTLIERS.length);
  for (let i = 0; i < count; i++) {
    // One place in each of `count` equal stretches, so that no outlier overwrites another.
    const start = Math.floor((i * length) / count);
    const end = Math.floor(((i + 1) * length) / count);
    values[start + Math.floor(next() * (end - start))] = OUTLIERS[(offset + i) % OUTLIERS.length];
  }
  return values;
}

/** `length` floats that are all NaN: the content of an output before a kernel runs, so that a value left out shows. */
export function nanBits(length: number): Float32Array<ArrayBuffer> {
  return new Float32Array(new Uint32Array(length).fill(0x7fc00000).buffer);
}
