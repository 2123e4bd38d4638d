// attention-weights: weights = softmax over the kv_len keys of q[t] · k[key] / sqrt(head_dim), for each head
//   q        [num_tokens, emb_dim]                emb_dim = n_heads * head_dim
//   k        [num_tokens, emb_dim]                one layer of the KV cache
//   weights  [n_layers, n_heads, shown, shown]    of this layer; queries and keys first .. num_tokens
// flash-attention does not store its weights, so an inspected pass computes them here. Query t sees kv_len keys: 0 .. t with the
// causal mask, all without; the weight of any other key is 0, and the key is not read. The softmax also counts the keys before
// `first`, which are not shown: then a row adds up to less than one.
// One workgroup computes one query and head; its threads stride over the keys. Made for every adapter.
// Notebook: MultiHeadAttention, attn_weights · Reference: src/reference/causal-attention.ts
override causal: bool = true;
override head_dim: u32 = 64;

const threads = 64u;
const lowest = -3.4028234e38;

struct Dims {
  num_tokens: u32,
  n_heads: u32,
  layer: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> q: array<Vec>;
@group(0) @binding(2) var<storage, read> k: array<Vec>;
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;

var<workgroup> partial: array<f32, threads>;

fn score(t: u32, key: u32, head: u32) -> f32 {
  let emb_dim = dims.n_heads * head_dim;
  let q_at = (t * emb_dim + head * head_dim) / VEC;
  let k_at = (key * emb_dim + head * head_dim) / VEC;
  var sum = 0.0;
  for (var c = 0u; c < head_dim / VEC; c++) {
    sum += dot_vec(q[q_at + c], k[k_at + c]);
  }
  return sum / sqrt(f32(head_dim));
}

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let t = dims.first + group.x;
  let head = group.y;
  let shown = dims.num_tokens - dims.first;
  let kv_len = select(dims.num_tokens, t + 1u, causal);

  partial[lane] = lowest;
  for (var key = lane; key < kv_len; key += threads) {
    partial[lane] = max(partial[lane], score(t, key, head));
  }
  workgroupBarrier(); // all maxima are written
  var maximum = lowest;
  for (var i = 0u; i < threads; i++) {
    maximum = max(maximum, partial[i]);
  }
  workgroupBarrier(); // everyone has read them

  partial[lane] = 0.0;
  for (var key = lane; key < kv_len; key += threads) {
    partial[lane] += exp(score(t, key, head) - maximum);
  }
  workgroupBarrier(); // all sums are written
  var total = 0.0;
  for (var i = 0u; i < threads; i++) {
    total += partial[i];
  }

  let row = ((dims.layer * dims.n_heads + head) * shown + group.x) * shown;
  for (var key = dims.first + lane; key < dims.num_tokens; key += threads) {
    var weight = 0.0;
    if (key < kv_len) {
      weight = exp(score(t, key, head) - maximum) / total;
    }
    weights[row + key - dims.first] = weight;
  }
}
