import { applyKeep } from "./dropout.ts";
import { softmax } from "./softmax.ts";

/** "causal": a query sees the keys up to its own position. "none": it sees every key, later ones too. */
export type Mask = "causal" | "none";

/**
 * Shapes: B rows of T = `num_tokens` queries, after `cache_len` tokens whose keys and values are in the cache.
 * There are `cache_len + num_tokens` keys, and query t sits at position `cache_len + t`. emb_dim = n_heads * head_dim.
 */
export interface AttentionDims {
  batch: number;
  num_tokens: number;
  cache_len: number;
  n_heads: number;
  head_dim: number;
}

/** Dropout on the attention weights: which of them stay, [B, n_heads, T, cache_len + T] of 0 and 1, and the rate. */
export interface AttentionDropout {
  keep: ArrayLike<number>;
  rate: number;
}

/**
 * How much each query looks at each key: softmax(q · k / sqrt(head_dim)) over the keys it may see, 0 for the others.
 *
 * @param q [B, T, emb_dim]
 * @param k [B, cache_len + T, emb_dim]
 * @returns [B, n_heads, T, cache_len + T]
 */
export function attentionWeights(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  dims: AttentionDims,
  mask: Mask,
): Float64Array {
  const { batch, num_tokens, cache_len, n_heads, head_dim } = dims;
  const num_keys = cache_len + num_tokens;
  const emb_dim = n_heads * head_dim;
  const weights = new Float64Array(batch * n_heads * num_tokens * num_keys);
  let row = 0; // counts [B, n_heads, T] in memory order
  for (let b = 0; b < batch; b++) {
    for (let head = 0; head < n_heads; head++) {
      for (let t = 0; t < num_tokens; t++, row++) {
        const visible = mask === "causal" ? cache_len + t + 1 : num_keys;
        const scores = Array.from({ length: visible }, (_, s) => {
          let dot = 0;
          for (let i = head * head_dim; i < (head + 1) * head_dim; i++) {
            dot += q[(b * num_tokens + t) * emb_dim + i] * k[(b * num_keys + s) * emb_dim + i];
          }
          return dot / Math.sqrt(head_dim);
        });
        weights.set(softmax(scores, visible), row * num_keys);
      }
    }
  }
  return weights;
}

/**
 * Multi-head attention between the projections: for each query the values, weighted by its attention weights.
 *
 * @param q [B, T, emb_dim]
 * @param k [B, cache_len + T, emb_dim]
 * @param v [B, cache_len + T, emb_dim]
 * @returns [B, T, emb_dim], the heads side by side
 */
export function causalAttention(
  q: ArrayLike<number>,
  k: ArrayLike<number>,
  v: ArrayLike<number>,
  dims: AttentionDims,
  mask: Mask,
  dropout?: AttentionDropout,
): Float64Array {
  const { batch, num_tokens, cache_len, n_heads, head_dim } = dims;
  const num_keys = cache_len + num_tokens;
  const emb_dim = n_heads * head_dim;
  let weights = attentionWeights(q, k, dims, mask);
  if (dropout) weights = applyKeep(weights, dropout.keep, dropout.rate);
  const context = new Float64Array(batch * num_tokens * emb_dim);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < num_tokens; t++) {
      for (let i = 0; i < emb_dim; i++) {
        const row = (b * n_heads + Math.floor(i / head_dim)) * num_tokens + t; // this head's row of weights
        let sum = 0;
        for (let s = 0; s < num_keys; s++) {
          sum += weights[row * num_keys + s] * v[(b * num_keys + s) * emb_dim + i];
        }
        context[(b * num_tokens + t) * emb_dim + i] = sum;
      }
    }
  }
  return context;
}
