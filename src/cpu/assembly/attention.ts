// attention: y[t] = sum over keys of softmax(q[t] · k[key] / sqrt(head_dim)) * v[key], for each head
//   q, y       [batch, num_tokens, emb_dim]    emb_dim = n_heads * head_dim
//   k, v       [batch, capacity, emb_dim]      the KV cache
//   cache_len  [1]                             tokens in the cache before these
// A query sees the keys up to its own with the causal mask, all without; no other key is read. Four keys a round: what is summed
// so far, in y itself, is rescaled where they raise the running maximum (online softmax), so no matrix of weights is ever stored.
// A share of it is heads from .. to of batch * n_heads.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts · Shaders: shaders/attention/flash-*.wgsl
import { exp, exp4 } from "./exp";
import { keepWeights, stateAt } from "./mcg31";
import { scores4 } from "./scores";
import { inVecs, largestOf, madd, sumOf } from "./vec";

const LOWEST: f32 = -3.4028234e38;
const KEYS: u32 = 4; // of a round

export function attention(
  q: usize,
  k: usize,
  v: usize,
  cache_len: usize,
  y: usize,
  batch: u32,
  num_tokens: u32,
  n_heads: u32,
  head_dim: u32,
  capacity: u32,
  dropout_seed: u32,
  keep_threshold: u32,
  keep_prob_bits: u32,
  causal: bool,
  dropout: bool,
  from: u32,
  to: u32,
): void {
  const tokenBytes: usize = 4 * n_heads * head_dim;
  const keep_prob = reinterpret<f32>(keep_prob_bits);
  for (let pair = from; pair < to; pair++) {
    const row = pair / n_heads;
    const headAt: usize = 4 * head_dim * (pair % n_heads);
    const keys = k + headAt + tokenBytes * capacity * row;
    const values = v + headAt + tokenBytes * capacity * row;
    for (let t: u32 = 0; t < num_tokens; t++) {
      const kv_len = load<u32>(cache_len) + (causal ? t + 1 : num_tokens);
      const query = q + headAt + tokenBytes * (row * num_tokens + t);
      const context_vec = y + headAt + tokenBytes * (row * num_tokens + t);
      const element = (pair * num_tokens + t) * num_tokens; // of the first key's weight, by which dropout counts
      const state = dropout ? stateAt(dropout_seed, element) : 0;
      attend(
        query,
        keys,
        values,
        context_vec,
        head_dim,
        tokenBytes,
        kv_len,
        dropout,
        state,
        keep_threshold,
        keep_prob,
      );
    }
  }
}

/** One query's context_vec [head_dim]. Keys and values lie `tokenBytes` apart. */
function attend(
  query: usize,
  keys: usize,
  values: usize,
  context_vec: usize,
  head_dim: u32,
  tokenBytes: usize,
  kv_len: u32,
  dropout: bool,
  state: u32,
  keep_threshold: u32,
  keep_prob: f32,
): void {
  const scale: f32 = 1 / sqrt<f32>(<f32>head_dim);
  memory.fill(context_vec, 0, 4 * head_dim);
  let maximum = LOWEST;
  let totals = f32x4.splat(0);
  for (let key: u32 = 0; key < kv_len; key += KEYS) {
    // At the tail the last key stands in for those behind it, with a weight of 0.
    const at_0 = tokenBytes * key;
    const at_1 = tokenBytes * min(key + 1, kv_len - 1);
    const at_2 = tokenBytes * min(key + 2, kv_len - 1);
    const at_3 = tokenBytes * min(key + 3, kv_len - 1);
    const products = scores4(query, keys + at_0, keys + at_1, keys + at_2, keys + at_3, head_dim);
    const seen = i32x4.lt_u(i32x4.add(i32x4.splat(key), i32x4(0, 1, 2, 3)), i32x4.splat(kv_len));
    const scores = f32x4.mul(products, f32x4.splat(scale));

    const largest = largestOf(scores);
    if (largest > maximum) {
      const rescale = exp(maximum - largest);
      totals = f32x4.mul(totals, f32x4.splat(rescale));
      scaleBy(context_vec, head_dim, rescale);
      maximum = largest;
    }
    let weights = v128.and(exp4(f32x4.sub(scores, f32x4.splat(maximum))), seen);
    totals = f32x4.add(totals, weights); // before dropout: the softmax is not aware of it
    if (dropout) {
      weights = keepWeights(weights, state, keep_threshold, keep_prob);
      state = stateAt(state, KEYS);
    }
    addWeighted(weights, values + at_0, values + at_1, values + at_2, values + at_3, context_vec, head_dim);
  }
  scaleBy(context_vec, head_dim, 1 / sumOf(totals));
}

/** y *= factor */
function scaleBy(y: usize, length: u32, factor: f32): void {
  const vecs = inVecs(length);
  for (let i: u32 = 0; i < vecs; i += 4) {
    v128.store(y + 4 * i, f32x4.mul(v128.load(y + 4 * i), f32x4.splat(factor)));
  }
  for (let i = vecs; i < length; i++) store<f32>(y + 4 * i, load<f32>(y + 4 * i) * factor);
}

/** y += the four values, each times its weight */
function addWeighted(
  weights: v128,
  value_0: usize,
  value_1: usize,
  value_2: usize,
  value_3: usize,
  y: usize,
  length: u32,
): void {
  const weight_0 = v128.shuffle<f32>(weights, weights, 0, 0, 0, 0);
  const weight_1 = v128.shuffle<f32>(weights, weights, 1, 1, 1, 1);
  const weight_2 = v128.shuffle<f32>(weights, weights, 2, 2, 2, 2);
  const weight_3 = v128.shuffle<f32>(weights, weights, 3, 3, 3, 3);
  const vecs = inVecs(length);
  for (let i: u32 = 0; i < vecs; i += 4) {
    let sum = v128.load(y + 4 * i);
    sum = madd(weight_0, v128.load(value_0 + 4 * i), sum);
    sum = madd(weight_1, v128.load(value_1 + 4 * i), sum);
    sum = madd(weight_2, v128.load(value_2 + 4 * i), sum);
    sum = madd(weight_3, v128.load(value_3 + 4 * i), sum);
    v128.store(y + 4 * i, sum);
  }
  for (let i = vecs; i < length; i++) {
    let sum = load<f32>(y + 4 * i);
    sum += f32x4.extract_lane(weights, 0) * load<f32>(value_0 + 4 * i);
    sum += f32x4.extract_lane(weights, 1) * load<f32>(value_1 + 4 * i);
    sum += f32x4.extract_lane(weights, 2) * load<f32>(value_2 + 4 * i);
    sum += f32x4.extract_lane(weights, 3) * load<f32>(value_3 + 4 * i);
    store<f32>(y + 4 * i, sum);
  }
}
