// single-query: attention of one query a row, without dropout: y = sum over keys of softmax(q · k[key] / sqrt(head_dim)) * v[key]
//   q, y       [batch, emb_dim]            emb_dim = n_heads * head_dim
//   k, v       [batch, capacity, emb_dim]  the KV cache
//   kv_len                                 keys that are seen
//   stats      [batch * n_heads, 2]        of this worker alone: a head's maximum and total between two rounds
// A single query reads each key and value once, so memory is what takes the time. Round by round, all heads of four keys: what they
// read is four long stretches of it. A share of it is heads from .. to of batch * n_heads.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts · Shader: shaders/attention/flash-decoding.wgsl
import { addWeighted, begin, finish, goOn, KEYS, maximum, total, weightsOf } from "../parts/online-softmax";

export function singleQuery(
  q: usize,
  k: usize,
  v: usize,
  kv_len: u32,
  y: usize,
  n_heads: u32,
  head_dim: u32,
  capacity: u32,
  from: u32,
  to: u32,
  stats: usize,
): void {
  const headBytes: usize = 4 * head_dim;
  const tokenBytes = headBytes * n_heads;
  for (let pair = from; pair < to; pair++) {
    begin(y + headBytes * pair, head_dim);
    leave(stats, pair);
  }
  for (let key: u32 = 0; key < kv_len; key += KEYS) {
    for (let pair = from; pair < to; pair++) {
      const at = headBytes * (pair % n_heads) + tokenBytes * capacity * (pair / n_heads);
      const context_vec = y + headBytes * pair;
      goOn(load<f32>(stats + 8 * pair), load<f32>(stats + 8 * pair, 4));
      const weights = weightsOf(q + headBytes * pair, k + at, key, kv_len, head_dim, tokenBytes, context_vec);
      addWeighted(weights, v + at, key, kv_len, head_dim, tokenBytes, context_vec);
      leave(stats, pair);
    }
  }
  for (let pair = from; pair < to; pair++) {
    goOn(load<f32>(stats + 8 * pair), load<f32>(stats + 8 * pair, 4));
    finish(y + headBytes * pair, head_dim);
  }
}

/** Leaves a query's numbers where the next round finds them. */
function leave(stats: usize, pair: u32): void {
  store<f32>(stats + 8 * pair, maximum);
  store<f32>(stats + 8 * pair, total, 4);
}
