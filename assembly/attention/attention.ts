// attention: y[t] = sum over keys of softmax(q[t] · k[key] / sqrt(head_dim)) * v[key], for each head
//   q, y       [batch, num_tokens, emb_dim]    emb_dim = n_heads * head_dim
//   k, v       [batch, capacity, emb_dim]      the KV cache
//   cache_len  [1]                             tokens in the cache before these
//   scratch    [batch * n_heads, 2]            of this worker alone, for single queries
// A query sees the keys up to its own with the causal mask, all without; no other key is read. Head by head, so that its keys and
// values stay in the cache while all its queries go by. A share of it is heads from .. to of batch * n_heads.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts · Shaders: shaders/attention/flash-attention*.wgsl
import { keepWeights, stateAt } from "../parts/mcg31";
import { addWeighted, begin, finish, KEYS, weightsOf } from "../parts/online-softmax";
import { singleQuery } from "./single-query";

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
  scratch: usize,
): void {
  if (num_tokens === 1 && !dropout) {
    singleQuery(q, k, v, load<u32>(cache_len) + 1, y, n_heads, head_dim, capacity, from, to, scratch);
    return;
  }
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
      begin(context_vec, head_dim);
      for (let key: u32 = 0; key < kv_len; key += KEYS) {
        let weights = weightsOf(query, keys, key, kv_len, head_dim, tokenBytes, context_vec);
        if (dropout) {
          // The total is already counted: the softmax is not aware of it.
          weights = keepWeights(weights, stateAt(dropout_seed, element + key), keep_threshold, keep_prob);
        }
        addWeighted(weights, values, key, kv_len, head_dim, tokenBytes, context_vec);
      }
      finish(context_vec, head_dim);
    }
  }
}
