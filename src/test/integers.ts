import { randomValues } from "./values.ts";

/**
 * `length` whole numbers from -4 to 4, the same for the same seed. Sums of up to a million of their products are
 * exact in f32 whatever the order, so a kernel that only multiplies and adds must agree with its reference to the bit.
 */
export const randomIntegers = (length: number, seed: number): Float32Array<ArrayBuffer> =>
  randomValues(length, seed).map((value) => Math.round(4 * value));
