// f16: weights in half the bytes of f32, two to a word; rows are a multiple of four
// An f16 number has five bits of exponent and ten of mantissa. Moved to where f32 has its own, they stand for 2^112 times too little.
// Shader: shaders/parts/weights-f16.wgsl · Reference: src/reference/pack.ts
import { madd, sumOf } from "./vec";

const MAGNITUDE: i32 = 0x0fffe000; // where the bits are then
const SIGN: i32 = 0x80000000;
const TOO_LITTLE: f32 = reinterpret<f32>((127 + 112) << 23);

/** Four weights, as f32. */
function f16x4(w: usize): v128 {
  const bits = v128.load_ext<i16>(w);
  const magnitude = v128.and(i32x4.shl(bits, 13), i32x4.splat(MAGNITUDE));
  const number = v128.or(magnitude, v128.and(bits, i32x4.splat(SIGN)));
  return f32x4.mul(number, f32x4.splat(TOO_LITTLE));
}

export function unpackF16(w: usize, y: usize, length: u32): void {
  for (let i: u32 = 0; i < length; i += 4) v128.store(y + 4 * i, f16x4(w + 2 * i));
}

/** The sum of x[i] * w[i]. */
export function dotF16(x: usize, w: usize, length: u32): f32 {
  let sum_0 = f32x4.splat(0);
  let sum_1 = f32x4.splat(0);
  let sum_2 = f32x4.splat(0);
  let sum_3 = f32x4.splat(0);
  const roundsEnd = x + 4 * (length & ~15);
  const end = x + 4 * length;
  while (x < roundsEnd) {
    sum_0 = madd(v128.load(x), f16x4(w), sum_0);
    sum_1 = madd(v128.load(x, 16), f16x4(w + 8), sum_1);
    sum_2 = madd(v128.load(x, 32), f16x4(w + 16), sum_2);
    sum_3 = madd(v128.load(x, 48), f16x4(w + 24), sum_3);
    x += 64;
    w += 32;
  }
  while (x < end) {
    sum_0 = madd(v128.load(x), f16x4(w), sum_0);
    x += 16;
    w += 8;
  }
  return sumOf(f32x4.add(f32x4.add(sum_0, sum_1), f32x4.add(sum_2, sum_3)));
}
