// attention: declares what both flash-attention kernels read, which keys a query may see, and dropout of attention weights
//   cache_len  [1]  tokens in the cache before these
override causal: bool = true;
override dropout: bool = false; // training: applies dropout to the attention weights

const lowest = -3.4028234e38;

struct Dims {
  batch: u32,
  num_tokens: u32,
  capacity: u32,
  dropout_seed: u32,
  keep_threshold: u32, // dropout_mask is true where the generator's state is below it
  keep_prob_bits: u32, // the bits of keep_prob, an f32
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(4) var<storage, read> cache_len: array<u32>;

// Query t may see this many keys: those up to its own with the causal mask, all without.
fn kv_len_of(t: u32) -> u32 {
  return cache_len[0] + select(dims.num_tokens, t + 1u, causal);
}

// An attention weight after dropout: weight * dropout_mask / keep_prob. `element` is its index in [batch, n_heads, num_tokens,
// num_tokens].
fn drop_out(weight: f32, element: u32) -> f32 {
  if (!dropout) {
    return weight;
  }
  let dropout_mask = mcg31_state(dims.dropout_seed, element) < dims.keep_threshold;
  return select(0.0, weight / bitcast<f32>(dims.keep_prob_bits), dropout_mask);
}
