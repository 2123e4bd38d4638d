// scores: the products of one query with four keys, side by side
import { dotOfRest } from "./dot";
import { inVecs, madd, sumsOf } from "./vec";

export function scores4(
  query: usize,
  key_0: usize,
  key_1: usize,
  key_2: usize,
  key_3: usize,
  head_dim: u32,
): v128 {
  let sum_0 = f32x4.splat(0);
  let sum_1 = f32x4.splat(0);
  let sum_2 = f32x4.splat(0);
  let sum_3 = f32x4.splat(0);
  const vecs = inVecs(head_dim);
  for (let i: u32 = 0; i < vecs; i += 4) {
    const vec = v128.load(query + 4 * i);
    sum_0 = madd(vec, v128.load(key_0 + 4 * i), sum_0);
    sum_1 = madd(vec, v128.load(key_1 + 4 * i), sum_1);
    sum_2 = madd(vec, v128.load(key_2 + 4 * i), sum_2);
    sum_3 = madd(vec, v128.load(key_3 + 4 * i), sum_3);
  }
  const sums = sumsOf(sum_0, sum_1, sum_2, sum_3);
  const rest = head_dim % 4;
  if (rest === 0) return sums;
  const behind: usize = 4 * vecs;
  return f32x4.add(
    sums,
    f32x4(
      dotOfRest(query + behind, key_0 + behind, rest),
      dotOfRest(query + behind, key_1 + behind, rest),
      dotOfRest(query + behind, key_2 + behind, rest),
      dotOfRest(query + behind, key_3 + behind, rest),
    ),
  );
}
