// blocks: the two inner loops behind every weight, four numbers at a time
//   words  [624 + 4096]   the generator's window, and the words that follow it
//   block  [4096]         the numbers made of those
// Plain: PlainBlocks in src/weights/seed/blocks.ts; every bit is the same, because the steps are, in the same order
import {
  ATANH_0,
  ATANH_1,
  ATANH_2,
  COS_0,
  COS_1,
  COS_2,
  HALF_PI_HIGH,
  HALF_PI_LOW,
  LN_2,
  SIN_0,
  SIN_1,
  SIN_2,
  SQRT_HALF_BITS,
  TWO_PI,
} from "./constants";

// MT19937's
const STATE_BYTES: usize = 4 * 624;
const MIDDLE_BYTES: usize = 4 * 397;

/** Blocks.draw: it makes whole vecs: what is beyond n is made again next time. */
export function draw(words: usize, block: usize, n: u32, center: i32, scale: f32): void {
  const centers = i32x4.splat(center);
  const scales = f32x4.splat(scale);
  const bytes: usize = 4 * n;
  for (let at: usize = 0; at < bytes; at += 16) {
    const word = nextWords(words + at);
    v128.store(words + at, word, STATE_BYTES);
    const low = v128.and(temper(word), i32x4.splat(0xffffff));
    v128.store(block + at, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(low, centers)), scales));
  }
  memory.copy(words, words + bytes, STATE_BYTES);
}

/** The four words of MT19937's sequence that follow the 624 at `window`. */
function nextWords(window: usize): v128 {
  const y = v128.bitselect(v128.load(window), v128.load(window, 4), i32x4.splat(0x80000000));
  const twist = v128.and(mask(y), i32x4.splat(0x9908b0df));
  return v128.xor(v128.xor(v128.load(window, MIDDLE_BYTES), i32x4.shr_u(y, 1)), twist);
}

function temper(word: v128): v128 {
  let y = v128.xor(word, i32x4.shr_u(word, 11));
  y = v128.xor(y, v128.and(i32x4.shl(y, 7), i32x4.splat(0x9d2c5680)));
  y = v128.xor(y, v128.and(i32x4.shl(y, 15), i32x4.splat(0xefc60000)));
  return v128.xor(y, i32x4.shr_u(y, 18));
}

/** Blocks.boxMuller: of each 16 numbers, the second 8 belong to the first. */
export function boxMuller(block: usize, n: u32): void {
  const end = block + 4 * n;
  for (let group = block; group < end; group += 64) {
    for (let at = group; at < group + 32; at += 16) fourPairs(at);
  }
}

/** Turns four numbers at `at` and the four that belong to them into normal ones. */
function fourPairs(at: usize): void {
  const u1 = f32x4.sub(all(1), v128.load(at));
  const u2 = v128.load(at, 32);
  const log = minusLog(u1);
  const radius = f32x4.sqrt(f32x4.add(log, log));

  const theta = f32x4.mul(all(TWO_PI), u2);
  const quarter = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(all(4), u2), all(0.5))); // the nearest multiple of pi/2: 0 ... 4
  const quarters = f32x4.convert_i32x4_s(quarter);
  const high = f32x4.sub(theta, f32x4.mul(quarters, all(HALF_PI_HIGH)));
  const y = f32x4.sub(high, f32x4.mul(quarters, all(HALF_PI_LOW)));
  const z = f32x4.mul(y, y);
  const sin = f32x4.add(f32x4.mul(f32x4.mul(y, z), quadratic(SIN_0, SIN_1, SIN_2, z)), y);
  const fourth = f32x4.mul(f32x4.mul(z, z), quadratic(COS_0, COS_1, COS_2, z));
  const cos = f32x4.add(f32x4.sub(fourth, f32x4.mul(z, all(0.5))), all(1));

  const swap = mask(quarter); // cos(y + pi/2) = -sin(y), sin(y + pi/2) = cos(y)
  const x1 = f32x4.mul(radius, v128.bitselect(sin, cos, swap));
  const x2 = f32x4.mul(radius, v128.bitselect(cos, sin, swap));
  v128.store(at, v128.xor(x1, signFromBit1(i32x4.add(quarter, i32x4.splat(1)))));
  v128.store(at, v128.xor(x2, signFromBit1(quarter)), 32);
}

/** Minus log(x) for floats in (0, 1]. */
function minusLog(x: v128): v128 {
  const exponent = i32x4.shr_s(i32x4.sub(x, i32x4.splat(SQRT_HALF_BITS)), 23);
  const mantissa = i32x4.sub(x, i32x4.shl(exponent, 23));
  const s = f32x4.div(f32x4.sub(mantissa, all(1)), f32x4.add(mantissa, all(1)));
  const z = f32x4.mul(s, s);
  const p = f32x4.mul(quadratic(ATANH_0, ATANH_1, ATANH_2, z), z);
  const whole = f32x4.mul(f32x4.convert_i32x4_s(exponent), all(-LN_2));
  return f32x4.sub(f32x4.sub(whole, f32x4.add(s, s)), f32x4.mul(s, p));
}

/** a0 + a1 z + a2 z^2. */
function quadratic(a0: f64, a1: f64, a2: f64, z: v128): v128 {
  return f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(all(a2), z), all(a1)), z), all(a0));
}

/** A number, rounded to a float, in each lane. */
function all(x: f64): v128 {
  return f32x4.splat(<f32>x);
}

/** All bits of a lane where it is odd, none where it is even. */
function mask(integers: v128): v128 {
  return i32x4.shr_s(i32x4.shl(integers, 31), 31);
}

/** The sign of a float is set where bit 1 is. */
function signFromBit1(integers: v128): v128 {
  return i32x4.shl(i32x4.shr_u(integers, 1), 31);
}
