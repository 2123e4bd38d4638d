// blocks: the products of four rows of x with one feature of w, or with two, in registers from the first vec to the last
//   x_0 .. x_3    rows of in_dim values        at the tail the last row more than once
//   w, w_a, w_b   features of in_dim values
//   y_0 .. y_3    where each row's product goes, and that of w_b `next` bytes behind it
// With one feature, a block reads w as fast as one row would: for few rows, where memory is waited for. With two, each vec that it
// loads is used two or four times: for many rows, where arithmetic is. More sums than eight would not stay in registers.
import { dotOfRest } from "../parts/dot";
import { inVecs, madd, sumsOf } from "../parts/vec";

export function blockOf1(
  x_0: usize,
  x_1: usize,
  x_2: usize,
  x_3: usize,
  w: usize,
  in_dim: u32,
  y_0: usize,
  y_1: usize,
  y_2: usize,
  y_3: usize,
): void {
  let sum_0 = f32x4.splat(0);
  let sum_1 = f32x4.splat(0);
  let sum_2 = f32x4.splat(0);
  let sum_3 = f32x4.splat(0);
  const roundsEnd = w + 4 * (in_dim & ~7);
  while (w < roundsEnd) {
    const a = v128.load(w);
    sum_0 = madd(v128.load(x_0), a, sum_0);
    sum_1 = madd(v128.load(x_1), a, sum_1);
    sum_2 = madd(v128.load(x_2), a, sum_2);
    sum_3 = madd(v128.load(x_3), a, sum_3);
    const b = v128.load(w, 16);
    sum_0 = madd(v128.load(x_0, 16), b, sum_0);
    sum_1 = madd(v128.load(x_1, 16), b, sum_1);
    sum_2 = madd(v128.load(x_2, 16), b, sum_2);
    sum_3 = madd(v128.load(x_3, 16), b, sum_3);
    x_0 += 32;
    x_1 += 32;
    x_2 += 32;
    x_3 += 32;
    w += 32;
  }
  if (in_dim & 4) {
    const a = v128.load(w);
    sum_0 = madd(v128.load(x_0), a, sum_0);
    sum_1 = madd(v128.load(x_1), a, sum_1);
    sum_2 = madd(v128.load(x_2), a, sum_2);
    sum_3 = madd(v128.load(x_3), a, sum_3);
    x_0 += 16;
    x_1 += 16;
    x_2 += 16;
    x_3 += 16;
    w += 16;
  }
  const sums = sumsOf(sum_0, sum_1, sum_2, sum_3);
  const rest = in_dim % 4;
  store<f32>(y_0, f32x4.extract_lane(sums, 0) + dotOfRest(x_0, w, rest));
  store<f32>(y_1, f32x4.extract_lane(sums, 1) + dotOfRest(x_1, w, rest));
  store<f32>(y_2, f32x4.extract_lane(sums, 2) + dotOfRest(x_2, w, rest));
  store<f32>(y_3, f32x4.extract_lane(sums, 3) + dotOfRest(x_3, w, rest));
}

export function blockOf2(
  x_0: usize,
  x_1: usize,
  x_2: usize,
  x_3: usize,
  w_a: usize,
  w_b: usize,
  in_dim: u32,
  y_0: usize,
  y_1: usize,
  y_2: usize,
  y_3: usize,
  next: usize,
): void {
  let sum_0a = f32x4.splat(0);
  let sum_1a = f32x4.splat(0);
  let sum_2a = f32x4.splat(0);
  let sum_3a = f32x4.splat(0);
  let sum_0b = f32x4.splat(0);
  let sum_1b = f32x4.splat(0);
  let sum_2b = f32x4.splat(0);
  let sum_3b = f32x4.splat(0);
  const vecsEnd = w_a + 4 * inVecs(in_dim);
  while (w_a < vecsEnd) {
    const a = v128.load(w_a);
    const b = v128.load(w_b);
    let vec = v128.load(x_0);
    sum_0a = madd(vec, a, sum_0a);
    sum_0b = madd(vec, b, sum_0b);
    vec = v128.load(x_1);
    sum_1a = madd(vec, a, sum_1a);
    sum_1b = madd(vec, b, sum_1b);
    vec = v128.load(x_2);
    sum_2a = madd(vec, a, sum_2a);
    sum_2b = madd(vec, b, sum_2b);
    vec = v128.load(x_3);
    sum_3a = madd(vec, a, sum_3a);
    sum_3b = madd(vec, b, sum_3b);
    x_0 += 16;
    x_1 += 16;
    x_2 += 16;
    x_3 += 16;
    w_a += 16;
    w_b += 16;
  }
  const sums_a = sumsOf(sum_0a, sum_1a, sum_2a, sum_3a);
  const sums_b = sumsOf(sum_0b, sum_1b, sum_2b, sum_3b);
  const rest = in_dim % 4;
  store<f32>(y_0, f32x4.extract_lane(sums_a, 0) + dotOfRest(x_0, w_a, rest));
  store<f32>(y_1, f32x4.extract_lane(sums_a, 1) + dotOfRest(x_1, w_a, rest));
  store<f32>(y_2, f32x4.extract_lane(sums_a, 2) + dotOfRest(x_2, w_a, rest));
  store<f32>(y_3, f32x4.extract_lane(sums_a, 3) + dotOfRest(x_3, w_a, rest));
  store<f32>(y_0 + next, f32x4.extract_lane(sums_b, 0) + dotOfRest(x_0, w_b, rest));
  store<f32>(y_1 + next, f32x4.extract_lane(sums_b, 1) + dotOfRest(x_1, w_b, rest));
  store<f32>(y_2 + next, f32x4.extract_lane(sums_b, 2) + dotOfRest(x_2, w_b, rest));
  store<f32>(y_3 + next, f32x4.extract_lane(sums_b, 3) + dotOfRest(x_3, w_b, rest));
}
