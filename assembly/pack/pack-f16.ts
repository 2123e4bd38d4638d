// pack-f16: w = values rounded to f16, to the nearest, two to a word
//   values  [num_vecs, 4]  f32
//   w       [.., 2]        u32, written from vec `first` on; read by parts/f16.ts
// A value that is too large for f16 becomes the largest f16. A share of it is vecs from .. to.
// Reference: src/reference/pack.ts · Shader: shaders/pack/pack-f16.wgsl
const LARGEST: f32 = 65504;
/** The smallest f16 with a mantissa of its own; below it they are whole multiples of 2^-24. */
const SMALLEST_NORMAL: u32 = 0x38800000; // 2^-14 as the bits of an f32
/** Added to a small number, an f32 rounds it to a multiple of 2^-24 by itself. */
const ROUNDING: f32 = 0.5;

export function packToF16(values: usize, w: usize, num_vecs: u32, first: u32, from: u32, to: u32): void {
  for (let i: u32 = 4 * from; i < 4 * to; i++) {
    store<u16>(w + 2 * (4 * first + i), half(load<f32>(values + 4 * i)));
  }
}

function half(value: f32): u16 {
  const bits = reinterpret<u32>(min(max(value, -LARGEST), LARGEST));
  const magnitude = bits & 0x7fffffff;
  const sign = (bits >> 16) & 0x8000;
  if (magnitude < SMALLEST_NORMAL) {
    const steps = reinterpret<u32>(reinterpret<f32>(magnitude) + ROUNDING) - reinterpret<u32>(ROUNDING);
    return <u16>(sign | steps);
  }
  // 13 bits of the mantissa go, rounded to the nearest, to the even one where two are as near. The exponent counts from 15, not 127.
  const rounded = magnitude + 0x0fff + ((magnitude >> 13) & 1);
  return <u16>(sign | ((rounded >> 13) - ((127 - 15) << 10)));
}
