// int8: 32 neighbouring weights share a scale: eight words of four signed bytes each, then the bits of an f32; w = byte / 127 * scale
// Bytes could become f32, but that takes more time than it takes to read them. So x is turned into whole numbers, once for all features:
// each block of 32 values by a power of two of its own, so that the largest has 30 bits, and in two halves of 16 bits, since
// WebAssembly adds up products of 16-bit numbers exactly. What is lost of x is 2^-30 of its block's largest value, no more.
// Shaders: shaders/parts/weights-int8.wgsl, blocks-int8.wgsl · Reference: src/reference/pack.ts
import { largestOf, madd, sumOf } from "./vec";

const BLOCK: u32 = 32; // values that share a scale
const BLOCK_BYTES: usize = 36; // of weights
const HALVES_BYTES: usize = 144; // of x: 32 upper halves, 32 lower halves, and four times what they are multiplied by
const LOWER: i32 = 15; // bits

export function unpackInt8(w: usize, y: usize, length: u32): void {
  const end = y + 4 * length;
  for (; y < end; y += 4 * BLOCK) {
    const scale: f32 = load<f32>(w, 32) / 127;
    for (let i: usize = 0; i < BLOCK; i += 4) {
      const bytes = i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(w + i)));
      v128.store(y + 4 * i, f32x4.mul(f32x4.convert_i32x4_s(bytes), f32x4.splat(scale)));
    }
    w += BLOCK_BYTES;
  }
}

/** Splits a row of x into whole numbers. */
export function split(x: usize, halves: usize, length: u32): void {
  const end = x + 4 * length;
  for (; x < end; x += 4 * BLOCK) {
    let largest = f32x4.splat(0);
    for (let i: usize = 0; i < 4 * BLOCK; i += 16) largest = f32x4.pmax(largest, f32x4.abs(v128.load(x + i)));
    // 2^29 to 2^30 for the largest: its exponent says by how much. Below 2^-97 a block counts as less than that.
    const exponent = max(reinterpret<i32>(largestOf(largest)) >> 23, 30);
    const factor = f32x4.splat(reinterpret<f32>((2 * 127 + 29 - exponent) << 23));
    for (let i: usize = 0; i < 2 * BLOCK; i += 16) {
      const a = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x + 2 * i), factor)));
      const b = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(x + 2 * i, 16), factor)));
      const upper_a = upperHalf(a);
      const upper_b = upperHalf(b);
      v128.store(halves + i, i16x8.narrow_i32x4_s(upper_a, upper_b));
      const lower_a = i32x4.sub(a, i32x4.shl(upper_a, LOWER));
      const lower_b = i32x4.sub(b, i32x4.shl(upper_b, LOWER));
      v128.store(halves + i, i16x8.narrow_i32x4_s(lower_a, lower_b), 64);
    }
    v128.store(halves, f32x4.splat(reinterpret<f32>((exponent - 29) << 23)), 128);
    halves += HALVES_BYTES;
  }
}

/** Rounded, so that the lower half has a sign and 15 bits. */
function upperHalf(a: v128): v128 {
  return i32x4.shr_s(i32x4.add(a, i32x4.splat(1 << (LOWER - 1))), LOWER);
}

/** The sum of x[i] * w[i], where x is split. A block's sums are exact: 32 products have 28 bits at most. */
export function dotInt8(halves: usize, w: usize, length: u32): f32 {
  let sums = f32x4.splat(0);
  const end = halves + HALVES_BYTES * (length / BLOCK);
  while (halves < end) {
    const bytes_a = v128.load(w);
    const bytes_b = v128.load(w, 16);
    const w_0 = i16x8.extend_low_i8x16_s(bytes_a);
    const w_1 = i16x8.extend_high_i8x16_s(bytes_a);
    const w_2 = i16x8.extend_low_i8x16_s(bytes_b);
    const w_3 = i16x8.extend_high_i8x16_s(bytes_b);
    let upper = i32x4.dot_i16x8_s(v128.load(halves), w_0);
    let lower = i32x4.dot_i16x8_s(v128.load(halves, 64), w_0);
    upper = i32x4.add(upper, i32x4.dot_i16x8_s(v128.load(halves, 16), w_1));
    lower = i32x4.add(lower, i32x4.dot_i16x8_s(v128.load(halves, 80), w_1));
    upper = i32x4.add(upper, i32x4.dot_i16x8_s(v128.load(halves, 32), w_2));
    lower = i32x4.add(lower, i32x4.dot_i16x8_s(v128.load(halves, 96), w_2));
    upper = i32x4.add(upper, i32x4.dot_i16x8_s(v128.load(halves, 48), w_3));
    lower = i32x4.add(lower, i32x4.dot_i16x8_s(v128.load(halves, 112), w_3));
    const scale = f32x4.mul(v128.load32_splat(w, 32), v128.load(halves, 128));
    const upperAlone = f32x4.mul(f32x4.convert_i32x4_s(upper), f32x4.splat(<f32>(1 << LOWER)));
    const block = f32x4.add(upperAlone, f32x4.convert_i32x4_s(lower));
    sums = madd(block, scale, sums);
    halves += HALVES_BYTES;
    w += BLOCK_BYTES;
  }
  return sumOf(sums) / 127;
}
