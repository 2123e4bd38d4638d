const LARGEST_F16 = 65504;

/** The distance between neighbouring f16 numbers where x lies; 2^-24 below the smallest normal one. */
export function f16Step(x: number): number {
  let exponent = -14;
  while (2 ** (exponent + 1) <= Math.abs(x)) exponent++;
  return 2 ** (exponent - 10);
}

/** The bits of the f16 number that is nearest to x, the even one of two; what is out of range becomes the largest. */
export function f16Bits(x: number): number {
  const magnitude = Math.min(Math.abs(x), LARGEST_F16);
  const step = f16Step(magnitude);
  const steps = magnitude / step;
  const below = Math.floor(steps);
  const rest = steps - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
  const exponent = Math.log2(step) + 24; // 0 for subnormal numbers and for the first normal ones alike
  return (x < 0 ? 0x8000 : 0) + exponent * 1024 + rounded; // a full mantissa carries into the exponent by itself
}

/** The number that f16 bits stand for; no infinity and no NaN. */
export function f16Value(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const magnitude = exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

/** Two f16 numbers to a word, the first in the lower half. */
export const packF16 = (values: ArrayLike<number>): Uint32Array =>
  Uint32Array.from(
    { length: values.length / 2 },
    (_, i) => f16Bits(values[2 * i]) + f16Bits(values[2 * i + 1]) * 65536,
  );

export const unpackF16 = (words: ArrayLike<number>): Float64Array =>
  Float64Array.from({ length: words.length * 2 }, (_, i) =>
    f16Value((words[i >> 1] >>> (16 * (i % 2))) & 0xffff),
  );

/** 32 weights in nine words: eight of four signed bytes, the first in the lowest; then the bits of their f32 scale. */
export function packInt8(values: ArrayLike<number>): Uint32Array {
  const words = new Uint32Array((values.length / 32) * 9);
  const bytes = new Int8Array(words.buffer);
  const floats = new Float32Array(words.buffer);
  for (let block = 0; block < values.length / 32; block++) {
    let scale = 0;
    for (let i = 0; i < 32; i++) scale = Math.max(scale, Math.abs(values[block * 32 + i]));
    for (let i = 0; i < 32; i++) {
      bytes[block * 36 + i] = scale > 0 ? Math.floor(0.5 + (127 * values[block * 32 + i]) / scale) : 0;
    }
    floats[block * 9 + 8] = scale;
  }
  return words;
}

export function unpackInt8(words: Uint32Array): Float64Array {
  const copy = words.slice();
  const bytes = new Int8Array(copy.buffer);
  const floats = new Float32Array(copy.buffer);
  return Float64Array.from({ length: (words.length / 9) * 32 }, (_, i) => {
    const block = Math.floor(i / 32);
    return (bytes[block * 36 + (i % 32)] / 127) * floats[block * 9 + 8];
  });
}
