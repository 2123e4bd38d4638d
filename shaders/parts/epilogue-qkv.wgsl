// epilogue-qkv: stores x · W_qkvᵀ + bias in q, k and v; W_qkv is W_query, W_key and W_value, one after the other
//   bias       [3 * emb_dim]
//   cache_len  [1]                           tokens already in the cache
//   q          [batch * num_tokens, emb_dim]
//   k, v       [batch, capacity, emb_dim]    the KV cache; token t is appended at position cache_len + t
override has_bias: bool = false;

const w_values = out_dim * in_dim; // specialization constants, appended to this source for each shape of w

struct Dims {
  num_rows: u32,
  first_out: u32,
  num_tokens: u32,
  capacity: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read> cache_len: array<u32>;
@group(0) @binding(5) var<storage, read_write> q: array<f32>;
@group(0) @binding(6) var<storage, read_write> k: array<f32>;
@group(0) @binding(7) var<storage, read_write> v: array<f32>;

fn store(row: u32, feature: u32, product: f32) {
  let emb_dim = in_dim; // W_query, W_key and W_value are square
  let column = dims.first_out + feature;
  var value = product;
  if (has_bias) {
    value += bias[column];
  }
  let channel = column % emb_dim;
  if (column < emb_dim) {
    q[row * emb_dim + channel] = value;
    return;
  }
  let position = cache_len[0] + row % dims.num_tokens;
  let at = (row / dims.num_tokens * dims.capacity + position) * emb_dim + channel;
  if (column < 2 * emb_dim) {
    k[at] = value;
  } else {
    v[at] = value;
  }
}
