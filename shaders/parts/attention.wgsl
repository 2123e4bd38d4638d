// What every attention kernel is told.
//   cache_len  [1]  tokens in the cache before these
override causal: bool = true;
override dropout: bool = false; // training: zeroes attention weights, after the softmax

const lowest = -3.4028234e38;

struct Dims {
  batch: u32,
  num_tokens: u32,
  capacity: u32,
  dropout_seed: u32,
  keep_threshold: u32, // an element is kept where its generator state is below this,
  keep_prob_bits: u32, // and divided by this share (the bits of an f32)
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(4) var<storage, read> cache_len: array<u32>;

// Keys that a query may see are those before this one: up to itself with the causal mask, all without.
fn kv_len_of(t: u32) -> u32 {
  return cache_len[0] + select(dims.num_tokens, t + 1u, causal);
}

// An attention weight after dropout; `element` is its index in [batch, n_heads, num_tokens, num_tokens].
fn drop_out(weight: f32, element: u32) -> f32 {
  if (!dropout) {
    return weight;
  }
  let is_kept = mcg31_state(dims.dropout_seed, element) < dims.keep_threshold;
  return select(0.0, weight / bitcast<f32>(dims.keep_prob_bits), is_kept);
}
