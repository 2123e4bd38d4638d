import type { WeightType } from "./safetensors/dtype.ts";

/** All bits of an f32's exponent: set in infinities and NaN, and in nothing else. */
const EXPONENT = 0x7f800000;

/** The f32 with the value of each of the 65,536 halves, as bits; NaN keeps its payload. */
const halves: Uint32Array = Uint32Array.from({ length: 0x10000 }, (_, half) => {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return sign | EXPONENT | (mantissa << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (mantissa << 13);
  // Subnormal: the value is mantissa * 2^-24, which every f32 holds exactly.
  return sign | (new Uint32Array(new Float32Array([mantissa * 2 ** -24]).buffer)[0] ?? 0);
});

/** Widens 16-bit floats to f32, exactly. `values` and `into` have the same length. */
export function widen(dtype: Exclude<WeightType, "F32">, values: Uint16Array, into: Float32Array): void {
  const bits = bitsOf(into);
  if (dtype === "F16") for (let i = 0; i < values.length; i++) bits[i] = halves[values[i]!]!;
  else for (let i = 0; i < values.length; i++) bits[i] = values[i]! << 16;
}

/** Index of the first NaN or infinity, or -1. It checks the bits, because comparisons with NaN are always false. */
export function firstNotFinite(values: Float32Array): number {
  const bits = bitsOf(values);
  for (let i = 0; i < bits.length; i++) if ((bits[i]! & EXPONENT) === EXPONENT) return i;
  return -1;
}

/**
 * Writes some rows of a transposed matrix: `into[r, i] = matrix[i, first + r]`.
 * @param matrix [inputs, outputs], row-major
 * @param into   [rows, inputs], row-major
 * @param first  which column of `matrix` becomes the first row
 */
export function transposeRows(
  matrix: Float32Array,
  inputs: number,
  outputs: number,
  into: Float32Array,
  rows: number,
  first: number,
): void {
  // Square tiles, so that reads down a column and writes along a row both stay within the processor's cache.
  const TILE = 32;
  for (let row = 0; row < rows; row += TILE)
    for (let input = 0; input < inputs; input += TILE)
      for (let r = row; r < Math.min(row + TILE, rows); r++)
        for (let i = input; i < Math.min(input + TILE, inputs); i++)
          into[r * inputs + i] = matrix[i * outputs + first + r]!;
}

const bitsOf = (values: Float32Array) => new Uint32Array(values.buffer, values.byteOffset, values.length);
