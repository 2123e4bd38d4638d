// attention-weights: weights = softmax over the kv_len keys of q[t] · k[key] / sqrt(head_dim), for each head
//   q        [num_tokens, emb_dim]                emb_dim = n_heads * head_dim
//   k        [num_tokens, emb_dim]                one layer of the KV cache
//   weights  [n_layers, n_heads, shown, shown]    of this layer; queries and keys first .. num_tokens
// For an inspected pass, since attention stores no weights. Query t sees kv_len keys: 0 .. t with the causal mask, all without; the
// weight of any other key is 0, and the key is not read. The softmax also counts the keys before `first`, which are not shown.
// A share of it is rows from .. to of n_heads * shown.
// Notebook: MultiHeadAttention, attn_weights · Reference: src/reference/causal-attention.ts
// Shader: shaders/attention/attention-weights.wgsl
import { dot } from "../parts/dot";
import { exp } from "../parts/exp";

const LOWEST: f32 = -3.4028234e38;

export function attentionWeights(
  q: usize,
  k: usize,
  weights: usize,
  num_tokens: u32,
  n_heads: u32,
  layer: u32,
  first: u32,
  causal: bool,
  head_dim: u32,
  from: u32,
  to: u32,
): void {
  const tokenBytes: usize = 4 * n_heads * head_dim;
  const shown = num_tokens - first;
  for (let row = from; row < to; row++) {
    const headAt: usize = 4 * head_dim * (row / shown);
    const t = first + (row % shown);
    const query = q + headAt + tokenBytes * t;
    const keys = k + headAt;
    const kv_len = causal ? t + 1 : num_tokens;
    const y = weights + <usize>4 * shown * (layer * n_heads * shown + row);

    let maximum = LOWEST;
    let total: f32 = 0;
    for (let key: u32 = 0; key < kv_len; key++) {
      const score = scoreOf(query, keys + tokenBytes * key, head_dim);
      const larger = max(maximum, score);
      total = total * exp(maximum - larger) + exp(score - larger);
      maximum = larger;
    }
    for (let key = first; key < num_tokens; key++) {
      let weight: f32 = 0;
      if (key < kv_len) weight = exp(scoreOf(query, keys + tokenBytes * key, head_dim) - maximum) / total;
      store<f32>(y + 4 * (key - first), weight);
    }
  }
}

function scoreOf(query: usize, key: usize, head_dim: u32): f32 {
  return dot(query, key, head_dim) / sqrt<f32>(<f32>head_dim);
}
