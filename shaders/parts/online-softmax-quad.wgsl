// online-softmax-quad: the steps of flash-attention-quad between scores and weights, for four keys of a thread and four queries
// A mat4x4 here is [key][query]: column i belongs to the thread's key i, and has one value a query.

// Scores, scaled; those of a key that a query may not see are the lowest.
fn scaled(dots: mat4x4<f32>, key: vec4<u32>, kv_len: vec4<u32>) -> mat4x4<f32> {
  let root = sqrt(f32(head_dim));
  return mat4x4(
    select(vec4(lowest), dots[0] / root, vec4(key.x) < kv_len), select(vec4(lowest), dots[1] / root, vec4(key.y) < kv_len),
    select(vec4(lowest), dots[2] / root, vec4(key.z) < kv_len), select(vec4(lowest), dots[3] / root, vec4(key.w) < kv_len),
  );
}

// The largest score of each query, over the keys of all four threads.
fn largest(scores: mat4x4<f32>) -> vec4<f32> {
  return quad_max(max(max(scores[0], scores[1]), max(scores[2], scores[3])));
}

// The weights of one key, one a query; 0 for a query that may not see it.
fn weights_of_key(scores: vec4<f32>, maximum: vec4<f32>, key: u32, kv_len: vec4<u32>) -> vec4<f32> {
  return select(vec4(0.0), exp(scores - maximum), vec4(key) < kv_len);
}

// exp(score - maximum), before the division by their total.
fn unnormalized(scores: mat4x4<f32>, maximum: vec4<f32>, key: vec4<u32>, kv_len: vec4<u32>) -> mat4x4<f32> {
  return mat4x4(
    weights_of_key(scores[0], maximum, key.x, kv_len), weights_of_key(scores[1], maximum, key.y, kv_len),
    weights_of_key(scores[2], maximum, key.z, kv_len), weights_of_key(scores[3], maximum, key.w, kv_len),
  );
}

// Weights after dropout; `elements` are a key's indices in [batch, n_heads, num_tokens, num_tokens], one a query.
fn drop_out_key(weights: vec4<f32>, elements: vec4<u32>) -> vec4<f32> {
  return vec4(
    drop_out(weights.x, elements.x), drop_out(weights.y, elements.y),
    drop_out(weights.z, elements.z), drop_out(weights.w, elements.w),
  );
}

fn drop_out_keys(w: mat4x4<f32>, rows: vec4<u32>, key: vec4<u32>) -> mat4x4<f32> {
  return mat4x4(
    drop_out_key(w[0], rows + key.x), drop_out_key(w[1], rows + key.y),
    drop_out_key(w[2], rows + key.z), drop_out_key(w[3], rows + key.w),
  );
}
