// rows: what a row of values comes to. Each walks over whole vecs, then over the rest one by one.
import { exp, exp4 } from "./exp";
import { inVecs, largestOf, madd, smallestOf, sumOf } from "./vec";

const LOWEST: f32 = -3.4028234e38;
const HIGHEST: f32 = 3.4028234e38;

export function sumOfRow(x: usize, length: u32): f32 {
  const vecs = inVecs(length);
  let sums = f32x4.splat(0);
  for (let i: u32 = 0; i < vecs; i += 4) sums = f32x4.add(sums, v128.load(x + 4 * i));
  let sum = sumOf(sums);
  for (let i = vecs; i < length; i++) sum += load<f32>(x + 4 * i);
  return sum;
}

/** The sum of (x - mean)^2. */
export function sumOfSquares(x: usize, mean: f32, length: u32): f32 {
  const vecs = inVecs(length);
  let sums = f32x4.splat(0);
  for (let i: u32 = 0; i < vecs; i += 4) {
    const centred = f32x4.sub(v128.load(x + 4 * i), f32x4.splat(mean));
    sums = madd(centred, centred, sums);
  }
  let sum = sumOf(sums);
  for (let i = vecs; i < length; i++) {
    const centred = load<f32>(x + 4 * i) - mean;
    sum += centred * centred;
  }
  return sum;
}

/** The largest of the values that are numbers. */
export function largestOfRow(x: usize, length: u32): f32 {
  const vecs = inVecs(length);
  let largest = f32x4.splat(LOWEST);
  for (let i: u32 = 0; i < vecs; i += 4) largest = f32x4.pmax(largest, v128.load(x + 4 * i));
  for (let i = vecs; i < length; i++) largest = f32x4.pmax(largest, v128.load32_splat(x + 4 * i));
  return largestOf(largest);
}

/** The smallest of the values that are numbers. */
export function smallestOfRow(x: usize, length: u32): f32 {
  const vecs = inVecs(length);
  let smallest = f32x4.splat(HIGHEST);
  for (let i: u32 = 0; i < vecs; i += 4) smallest = f32x4.pmin(smallest, v128.load(x + 4 * i));
  for (let i = vecs; i < length; i++) smallest = f32x4.pmin(smallest, v128.load32_splat(x + 4 * i));
  return smallestOf(smallest);
}

/** The sum of exp(x - largest). */
export function sumOfExp(x: usize, largest: f32, length: u32): f32 {
  const vecs = inVecs(length);
  let sums = f32x4.splat(0);
  for (let i: u32 = 0; i < vecs; i += 4) {
    sums = f32x4.add(sums, exp4(f32x4.sub(v128.load(x + 4 * i), f32x4.splat(largest))));
  }
  let sum = sumOf(sums);
  for (let i = vecs; i < length; i++) sum += exp(load<f32>(x + 4 * i) - largest);
  return sum;
}
