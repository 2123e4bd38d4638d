// dot: the sum of x[i] * w[i] over `length` neighbours
// This is where a product of one row spends its time, waiting for w. Memory is fastest when it is asked for one long stretch, so
// nothing else is read beside it but x, which stays in the cache. Eight sums a round, so that none waits for another.
import { inVecs, madd, sumOf } from "./vec";

const ROUND: u32 = 32; // values

export function dot(x: usize, w: usize, length: u32): f32 {
  let sum_0 = f32x4.splat(0);
  let sum_1 = f32x4.splat(0);
  let sum_2 = f32x4.splat(0);
  let sum_3 = f32x4.splat(0);
  let sum_4 = f32x4.splat(0);
  let sum_5 = f32x4.splat(0);
  let sum_6 = f32x4.splat(0);
  let sum_7 = f32x4.splat(0);
  const roundsEnd = x + 4 * (length - (length % ROUND));
  const vecsEnd = x + 4 * inVecs(length);
  while (x < roundsEnd) {
    sum_0 = madd(v128.load(x), v128.load(w), sum_0);
    sum_1 = madd(v128.load(x, 16), v128.load(w, 16), sum_1);
    sum_2 = madd(v128.load(x, 32), v128.load(w, 32), sum_2);
    sum_3 = madd(v128.load(x, 48), v128.load(w, 48), sum_3);
    sum_4 = madd(v128.load(x, 64), v128.load(w, 64), sum_4);
    sum_5 = madd(v128.load(x, 80), v128.load(w, 80), sum_5);
    sum_6 = madd(v128.load(x, 96), v128.load(w, 96), sum_6);
    sum_7 = madd(v128.load(x, 112), v128.load(w, 112), sum_7);
    x += 4 * ROUND;
    w += 4 * ROUND;
  }
  while (x < vecsEnd) {
    sum_0 = madd(v128.load(x), v128.load(w), sum_0);
    x += 16;
    w += 16;
  }
  const low = f32x4.add(f32x4.add(sum_0, sum_1), f32x4.add(sum_2, sum_3));
  const high = f32x4.add(f32x4.add(sum_4, sum_5), f32x4.add(sum_6, sum_7));
  return sumOf(f32x4.add(low, high)) + dotOfRest(x, w, length % 4);
}

/** Of the values behind the last whole vec. */
export function dotOfRest(x: usize, w: usize, count: u32): f32 {
  let sum: f32 = 0;
  for (let i: u32 = 0; i < count; i++) sum += load<f32>(x + 4 * i) * load<f32>(w + 4 * i);
  return sum;
}
