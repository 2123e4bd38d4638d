// flash-decoding-combine: y = sum over splits of share * partials, share = softmax over splits, for each head
//   partials   [num_rows, splits, emb_dim]  attention over the keys of a split, by flash-decoding
//   stats      [num_rows, splits, n_heads]  the maximum of its scores, and the sum of exp(score - maximum)
//   cache_len  [1]                          tokens in the cache before this one
//   y          [num_rows, emb_dim]          emb_dim = n_heads * head_dim
// A split's share is exp(maximum - the largest maximum) * its sum, divided by the sum of these. Splits that have a key are
// the first ones: those behind them were not written, and are not read.
// One thread computes one value. Made for graphics cards, as the splits are.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts
const threads = 64u;

struct Dims {
  num_rows: u32,
  n_heads: u32,
  head_dim: u32,
  splits: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> partials: array<f32>;
@group(0) @binding(2) var<storage, read> stats: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read> cache_len: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) grid: vec3<u32>) {
  let emb_dim = dims.n_heads * dims.head_dim;
  let i = id.y * grid.x * threads + id.x;
  if (i >= dims.num_rows * emb_dim) {
    return;
  }
  let d = i % emb_dim;
  let first = i / emb_dim * dims.splits;
  let head = d / dims.head_dim;
  let used = min(dims.splits, cache_len[0] / split_len + 1u); // there are cache_len + 1 keys

  var maximum = stats[first * dims.n_heads + head].x;
  for (var s = 1u; s < used; s++) {
    maximum = max(maximum, stats[(first + s) * dims.n_heads + head].x);
  }
  var total = 0.0;
  var sum = 0.0;
  for (var s = 0u; s < used; s++) {
    let stat = stats[(first + s) * dims.n_heads + head];
    let share = exp(stat.x - maximum) * stat.y;
    total += share;
    sum += share * partials[(first + s) * emb_dim + d];
  }
  y[i] = sum / total;
}
