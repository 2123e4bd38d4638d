import { MersenneTwister, nextWord, STATE_WORDS, TWIST } from "./mersenne-twister.ts";

/*
 * MT19937 is linear over GF(2): with t for "one word further", its sequence x satisfies p(t) x = 0 for a polynomial p
 * of degree 19937. So t^n x = r(t) x with r = t^n mod p, and n draws ahead are a sum (xor) of the next 19937 windows,
 * however large n is: milliseconds instead of half a second for the length of a 124M model.
 *
 * A polynomial is a bit string: bit i % 32 of word i / 32 is the coefficient of t^i.
 */

/** We work modulo t^31 p(t): its degree is a whole number of words, and it annihilates the sequence as p does. */
const DEGREE = STATE_WORDS * 32;

/**
 * The exponents of t^31 p(t) below its leading one.
 *
 * Let X_j be the sequence of bit j of all words, a_j bit j of TWIST, T = t^624 + t^397 and S = T/t. The recurrence
 * that `nextWord` computes reads, bit by bit:
 *   S X_j = X_{j+1} + a_j X_0  (j < 30),   T X_30 = X_31 + a_30 t X_0,   T X_31 = a_31 t X_0.
 * Eliminating X_1 ... X_31 leaves p(t) X_0 = 0 with p = T (... ((S + a_0) S + a_1) S ... + a_30) + a_31.
 */
function lowerExponents(): number[] {
  const bit = (j: number) => BigInt((TWIST >>> j) & 1);
  let p = 1n;
  for (let j = 0; j < 31; j++) p = (p << 623n) ^ (p << 396n) ^ bit(j);
  p = (p << 624n) ^ (p << 397n) ^ bit(31);
  const bits = (p << 31n).toString(2);
  return [...bits.matchAll(/1/g)].map((one) => DEGREE - one.index).slice(1);
}

/** Reduces a polynomial of 2 * 624 words modulo t^31 p(t), in place, into its lower 624 words. */
function reduce(polynomial: Int32Array, exponents: readonly number[]): void {
  // The second highest exponent is 227 below the highest, so clearing one word never sets a bit of it again.
  for (let i = 2 * STATE_WORDS - 1; i >= STATE_WORDS; i--) {
    const word = polynomial[i];
    polynomial[i] = 0;
    for (const exponent of exponents) {
      const to = i - STATE_WORDS + (exponent >>> 5);
      const shift = exponent & 31;
      polynomial[to] ^= word << shift;
      polynomial[to + 1] ^= (word >>> 1) >>> (31 - shift); // word >>> (32 - shift), also where shift is 0
    }
  }
}

/** The low 16 bits of x, with a zero after each: over GF(2) squaring does just this to a polynomial. */
function spread(x: number): number {
  let y = x & 0xffff;
  y = (y | (y << 8)) & 0x00ff00ff;
  y = (y | (y << 4)) & 0x0f0f0f0f;
  y = (y | (y << 2)) & 0x33333333;
  return (y | (y << 1)) & 0x55555555;
}

/** t^n mod t^31 p(t), in 624 words. */
function powerOfT(n: number): Int32Array {
  const exponents = lowerExponents();
  const power = new Int32Array(2 * STATE_WORDS);
  const bits = n.toString(2);
  const head = bits.slice(0, 14); // below 2^14 a power of t is smaller than the modulus
  const first = Number.parseInt(head, 2);
  power[first >>> 5] = 1 << (first & 31);
  for (const bit of bits.slice(head.length)) {
    for (let i = STATE_WORDS - 1; i >= 0; i--) {
      power[2 * i + 1] = spread(power[i] >>> 16);
      power[2 * i] = spread(power[i]);
    }
    // A square has even exponents only, so times t is a shift within each pair of bits.
    if (bit === "1") for (let i = 0; i < power.length; i++) power[i] <<= 1;
    reduce(power, exponents);
  }
  return power.subarray(0, STATE_WORDS);
}

/** The positions of the bits that are set, filled up with `padding` to a multiple of four. */
function setBits(power: Int32Array, padding: number): number[] {
  const positions: number[] = [];
  for (let i = 0; i < DEGREE; i++) if ((power[i >>> 5] >>> (i & 31)) & 1) positions.push(i);
  while (positions.length % 4 !== 0) positions.push(padding);
  return positions;
}

/** A generator as `generator` will be after `draws` more numbers, an integer from 0 on. */
export function jumped(generator: MersenneTwister, draws: number): MersenneTwister {
  const end = DEGREE + STATE_WORDS;
  const words = new Int32Array(end + STATE_WORDS); // a window of zeros follows the sequence, as padding
  words.set(generator.window);
  for (let i = 0; i < DEGREE; i++) words[i + STATE_WORDS] = nextWord(words, i);

  const positions = setBits(powerOfT(draws), end);
  const window = new Int32Array(STATE_WORDS);
  // Four windows at a time: twice as fast as one, because the sum is loaded and stored less often.
  for (let k = 0; k < positions.length; k += 4) {
    const [a, b, c, d] = positions.slice(k, k + 4);
    for (let j = 0; j < STATE_WORDS; j++) {
      window[j] ^= words[a + j] ^ words[b + j] ^ words[c + j] ^ words[d + j];
    }
  }
  return new MersenneTwister(window);
}
