// online-softmax: attention of one query and head, four keys a round: context_vec = sum of exp(score - maximum) * value, where
// what is summed so far is rescaled by a round whose keys raise the maximum
//   query, context_vec  [head_dim]
//   keys, values        of a head, `tokenBytes` from one token to the next
// A query needs two numbers beside its context_vec, so no matrix of weights is ever stored.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts
import { dotOfRest } from "./dot";
import { exp, exp4 } from "./exp";
import { inVecs, largestOf, madd, sumOf, sumsOf } from "./vec";

const LOWEST: f32 = -3.4028234e38;
export const KEYS: u32 = 4; // of a round

/** Of the query that is being computed: its largest score so far, and the sum of exp(score - maximum). */
export let maximum: f32 = LOWEST;
export let total: f32 = 0;

export function begin(context_vec: usize, head_dim: u32): void {
  maximum = LOWEST;
  total = 0;
  memory.fill(context_vec, 0, 4 * head_dim);
}

/** Goes on with a query that was left with these numbers. */
export function goOn(itsMaximum: f32, itsTotal: f32): void {
  maximum = itsMaximum;
  total = itsTotal;
}

export function finish(context_vec: usize, head_dim: u32): void {
  scaleBy(context_vec, head_dim, 1 / total);
}

/** Where token `key` lies. Behind the last one the last stands in, with a weight of 0: no other key is read. */
function at(tokens: usize, key: u32, kv_len: u32, tokenBytes: usize): usize {
  return tokens + tokenBytes * min(key, kv_len - 1);
}

/** The weights of the keys from `key` on, exp(score - maximum), before they are divided by the total. */
export function weightsOf(
  query: usize,
  keys: usize,
  key: u32,
  kv_len: u32,
  head_dim: u32,
  tokenBytes: usize,
  context_vec: usize,
): v128 {
  const scores = scoresOf(
    query,
    at(keys, key, kv_len, tokenBytes),
    at(keys, key + 1, kv_len, tokenBytes),
    at(keys, key + 2, kv_len, tokenBytes),
    at(keys, key + 3, kv_len, tokenBytes),
    head_dim,
  );
  const largest = largestOf(scores);
  if (largest > maximum) {
    const rescale = exp(maximum - largest);
    scaleBy(context_vec, head_dim, rescale);
    total *= rescale;
    maximum = largest;
  }
  const isSeen = i32x4.lt_u(i32x4.add(i32x4.splat(key), i32x4(0, 1, 2, 3)), i32x4.splat(kv_len));
  const weights = v128.and(exp4(f32x4.sub(scores, f32x4.splat(maximum))), isSeen);
  total += sumOf(weights);
  return weights;
}

/** The scores of four keys with one query, q · k / sqrt(head_dim). */
function scoresOf(query: usize, key_0: usize, key_1: usize, key_2: usize, key_3: usize, head_dim: u32): v128 {
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
  let products = sumsOf(sum_0, sum_1, sum_2, sum_3);
  const rest = head_dim % 4;
  if (rest) {
    const behind: usize = 4 * vecs;
    const of_0 = dotOfRest(query + behind, key_0 + behind, rest);
    const of_1 = dotOfRest(query + behind, key_1 + behind, rest);
    const of_2 = dotOfRest(query + behind, key_2 + behind, rest);
    const of_3 = dotOfRest(query + behind, key_3 + behind, rest);
    products = f32x4.add(products, f32x4(of_0, of_1, of_2, of_3));
  }
  return f32x4.div(products, f32x4.splat(sqrt<f32>(<f32>head_dim)));
}

/** y *= factor */
function scaleBy(y: usize, length: u32, factor: f32): void {
  const vecs = inVecs(length);
  for (let i: u32 = 0; i < vecs; i += 4) {
    v128.store(y + 4 * i, f32x4.mul(v128.load(y + 4 * i), f32x4.splat(factor)));
  }
  for (let i = vecs; i < length; i++) store<f32>(y + 4 * i, load<f32>(y + 4 * i) * factor);
}

/** context_vec += the values of four tokens from `key` on, each times its weight. */
export function addWeighted(
  weights: v128,
  values: usize,
  key: u32,
  kv_len: u32,
  head_dim: u32,
  tokenBytes: usize,
  context_vec: usize,
): void {
  const value_0 = at(values, key, kv_len, tokenBytes);
  const value_1 = at(values, key + 1, kv_len, tokenBytes);
  const value_2 = at(values, key + 2, kv_len, tokenBytes);
  const value_3 = at(values, key + 3, kv_len, tokenBytes);
  const weight_0 = v128.shuffle<f32>(weights, weights, 0, 0, 0, 0);
  const weight_1 = v128.shuffle<f32>(weights, weights, 1, 1, 1, 1);
  const weight_2 = v128.shuffle<f32>(weights, weights, 2, 2, 2, 2);
  const weight_3 = v128.shuffle<f32>(weights, weights, 3, 3, 3, 3);
  const vecs = inVecs(head_dim);
  for (let i: u32 = 0; i < vecs; i += 4) {
    let sum = v128.load(context_vec + 4 * i);
    sum = madd(weight_0, v128.load(value_0 + 4 * i), sum);
    sum = madd(weight_1, v128.load(value_1 + 4 * i), sum);
    sum = madd(weight_2, v128.load(value_2 + 4 * i), sum);
    sum = madd(weight_3, v128.load(value_3 + 4 * i), sum);
    v128.store(context_vec + 4 * i, sum);
  }
  for (let i = vecs; i < head_dim; i++) {
    let sum = load<f32>(context_vec + 4 * i);
    sum += f32x4.extract_lane(weights, 0) * load<f32>(value_0 + 4 * i);
    sum += f32x4.extract_lane(weights, 1) * load<f32>(value_1 + 4 * i);
    sum += f32x4.extract_lane(weights, 2) * load<f32>(value_2 + 4 * i);
    sum += f32x4.extract_lane(weights, 3) * load<f32>(value_3 + 4 * i);
    store<f32>(context_vec + 4 * i, sum);
  }
}
