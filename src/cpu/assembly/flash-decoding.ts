// flash-decoding: partials = sum over keys of softmax(q · k[key] / sqrt(head_dim)) * v[key], for each head, where a row is one query
//   q          [batch, emb_dim]            emb_dim = n_heads * head_dim
//   k, v       [batch, capacity, emb_dim]  the KV cache
//   cache_len  [1]                         tokens in the cache before this one
//   partials   [batch, emb_dim]            there is one split here, so this is attention's result
//   stats      [batch, n_heads, 2]         of the scores: the maximum, and the sum of exp(score - maximum)
// A single query reads each key and value once, so memory is what takes the time. Round by round, all heads of four keys: what they
// read is four long stretches of it. Nothing is dropped out. A share of it is heads from .. to of batch * n_heads.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts · Shader: shaders/attention/flash-decoding.wgsl
import { addWeighted, begin, finish, goOn, KEYS, maximum, total, weightsOf } from "./online-softmax";

export function flashDecoding(
  q: usize,
  k: usize,
  v: usize,
  cache_len: usize,
  partials: usize,
  stats: usize,
  batch: u32,
  num_tokens: u32,
  n_heads: u32,
  head_dim: u32,
  capacity: u32,
  dropout_seed: u32,
  keep_threshold: u32,
  keep_prob_bits: u32,
  from: u32,
  to: u32,
): void {
  const headBytes: usize = 4 * head_dim;
  const tokenBytes = headBytes * n_heads;
  const kv_len = load<u32>(cache_len) + 1;
  for (let pair = from; pair < to; pair++) {
    begin(partials + headBytes * pair, head_dim);
    leave(stats, pair);
  }
  for (let key: u32 = 0; key < kv_len; key += KEYS) {
    for (let pair = from; pair < to; pair++) {
      const at = headBytes * (pair % n_heads) + tokenBytes * capacity * (pair / n_heads);
      const context_vec = partials + headBytes * pair;
      goOn(load<f32>(stats + 8 * pair), load<f32>(stats + 8 * pair, 4));
      const weights = weightsOf(q + headBytes * pair, k + at, key, kv_len, head_dim, tokenBytes, context_vec);
      addWeighted(weights, v + at, key, kv_len, head_dim, tokenBytes, context_vec);
      leave(stats, pair);
    }
  }
  for (let pair = from; pair < to; pair++) {
    goOn(load<f32>(stats + 8 * pair), load<f32>(stats + 8 * pair, 4));
    finish(partials + headBytes * pair, head_dim);
  }
}

/** Leaves a query's numbers where the next round finds them. */
function leave(stats: usize, pair: u32): void {
  store<f32>(stats + 8 * pair, maximum);
  store<f32>(stats + 8 * pair, total, 4);
}
