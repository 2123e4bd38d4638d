// sum: y[share] = sum of a share of x
//   x  [count] vec4, in shares of 4096
//   y  [shares]
// How fast a core reads memory and does nothing else: eight sums a round, as in parts/dot.ts. A share of the work is shares from .. to.
// Shaders: shaders/bandwidth/
import { sumOf } from "../parts/vec";

const SHARE: u32 = 4096; // vec4s

export function sum(x: usize, y: usize, count: u32, from: u32, to: u32): void {
  for (let share = from; share < to; share++) {
    let at: usize = x + <usize>16 * SHARE * share;
    const end: usize = x + <usize>16 * min(count, SHARE * (share + 1));
    const roundsEnd = at + ((end - at) & ~127);
    let sum_0 = f32x4.splat(0);
    let sum_1 = f32x4.splat(0);
    let sum_2 = f32x4.splat(0);
    let sum_3 = f32x4.splat(0);
    let sum_4 = f32x4.splat(0);
    let sum_5 = f32x4.splat(0);
    let sum_6 = f32x4.splat(0);
    let sum_7 = f32x4.splat(0);
    for (; at < roundsEnd; at += 128) {
      sum_0 = f32x4.add(sum_0, v128.load(at));
      sum_1 = f32x4.add(sum_1, v128.load(at, 16));
      sum_2 = f32x4.add(sum_2, v128.load(at, 32));
      sum_3 = f32x4.add(sum_3, v128.load(at, 48));
      sum_4 = f32x4.add(sum_4, v128.load(at, 64));
      sum_5 = f32x4.add(sum_5, v128.load(at, 80));
      sum_6 = f32x4.add(sum_6, v128.load(at, 96));
      sum_7 = f32x4.add(sum_7, v128.load(at, 112));
    }
    for (; at < end; at += 16) sum_0 = f32x4.add(sum_0, v128.load(at));
    const low = f32x4.add(f32x4.add(sum_0, sum_1), f32x4.add(sum_2, sum_3));
    const high = f32x4.add(f32x4.add(sum_4, sum_5), f32x4.add(sum_6, sum_7));
    store<f32>(y + 4 * share, sumOf(f32x4.add(low, high)));
  }
}
