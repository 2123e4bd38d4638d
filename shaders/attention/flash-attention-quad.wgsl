// causal-attention-by-quads: what causal-attention computes, without a barrier and without workgroup memory
//   q, y   [batch, num_tokens, emb_dim]    emb_dim = n_heads * head_dim
//   k, v   [batch, capacity, emb_dim]      the KV cache
//   past   [1]                             tokens in the cache before these
// One workgroup four queries of a head, in four threads that hand each other what they need in registers: a quad.
// Sixteen keys at a time; each thread takes four of them, their keys and their values, for all four queries, so that
// what is read of the cache is read once. Thread i collects the answer to query i, in y itself.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts
override causal: bool = true;
override dropout: bool = false; // training: zeroes attention weights, after the softmax

const lowest = -3.4028234e38;

const chunks = head_dim / CHUNK; // of a head; n_heads and head_dim are fixed dims, written behind the shader
alias Token = array<Chunk, n_heads * chunks>;

struct Dims {
  batch: u32,
  num_tokens: u32,
  capacity: u32,
  dropout_seed: u32,
  keep_below: u32, // an element is kept where its generator state is below this,
  keep_bits: u32,  // and divided by this share (the bits of an f32)
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> q: array<Token>;
@group(0) @binding(2) var<storage, read> k: array<Token>;
@group(0) @binding(3) var<storage, read> v: array<Token>;
@group(0) @binding(4) var<storage, read> past: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<Token>;

// Scores of a key, one a query, -> exp(score - maximum); 0 for a query that may not see the key.
fn weigh(scores: vec4<f32>, maximum: vec4<f32>, key: u32, live: vec4<u32>) -> vec4<f32> {
  return select(vec4(0.0), exp(scores - maximum), vec4(key) < live);
}

// The same after dropout; `rows` is where each query's row of attention weights begins.
fn keep(weights: vec4<f32>, key: u32, rows: vec4<u32>) -> vec4<f32> {
  if (!dropout) {
    return weights;
  }
  var kept = weights / bitcast<f32>(dims.keep_bits);
  for (var i = 0u; i < 4u; i++) {
    if (mcg31_state(dims.dropout_seed, rows[i] + key) >= dims.keep_below) {
      kept[i] = 0.0;
    }
  }
  return kept;
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) invocation: u32) {
  let lane = invocation % 4u;
  let head = group.y;
  let batch = group.z;
  // At the tail the last query is computed more than once, and stored once.
  let last = dims.num_tokens - 1u;
  let t = min(vec4(4u * group.x) + vec4(0u, 1u, 2u, 3u), vec4(last));
  let live = past[0] + select(vec4(dims.num_tokens), t + 1u, causal);
  let live_of_all = live.w;
  let rows = ((batch * n_heads + head) * dims.num_tokens + t) * dims.num_tokens;
  let first_key = batch * dims.capacity;
  let is_stored = 4u * group.x + lane <= last;
  let own = batch * dims.num_tokens + min(4u * group.x + lane, last);
  let query = &q[own]; // by pointer, so that a token is looked up once and not with every chunk
  let answer = &y[own];
  let first = head * chunks;

  if (is_stored) {
    for (var c = 0u; c < chunks; c++) {
      (*answer)[first + c] = Chunk();
    }
  }
  var maximum = vec4(lowest); // of each query
  var total = vec4(0.0);
  for (var start = 0u; start < live_of_all; start += 16u) {
    let key = start + 4u * lane + vec4(0u, 1u, 2u, 3u);
    // A key that may not be seen is replaced by one that may, and gets no weight.
    let at = first_key + min(key, vec4(live_of_all - 1u));
    let k_0 = &k[at.x];
    let k_1 = &k[at.y];
    let k_2 = &k[at.z];
    let k_3 = &k[at.w];
    var s_0 = vec4(0.0); // scores of this thread's first key, one a query
    var s_1 = vec4(0.0);
    var s_2 = vec4(0.0);
    var s_3 = vec4(0.0);
    for (var c = 0u; c < chunks; c++) {
      let q_c = (*query)[first + c];
      let queries = Four(quadBroadcast(q_c, 0u), quadBroadcast(q_c, 1u), quadBroadcast(q_c, 2u), quadBroadcast(q_c, 3u));
      s_0 += products(queries, (*k_0)[first + c]);
      s_1 += products(queries, (*k_1)[first + c]);
      s_2 += products(queries, (*k_2)[first + c]);
      s_3 += products(queries, (*k_3)[first + c]);
    }
    let root = sqrt(f32(head_dim));
    s_0 = select(vec4(lowest), s_0 / root, vec4(key.x) < live);
    s_1 = select(vec4(lowest), s_1 / root, vec4(key.y) < live);
    s_2 = select(vec4(lowest), s_2 / root, vec4(key.z) < live);
    s_3 = select(vec4(lowest), s_3 / root, vec4(key.w) < live);

    let before = maximum;
    maximum = max(maximum, quad_max(max(max(s_0, s_1), max(s_2, s_3))));
    let rescale = exp(before - maximum);
    let w_0 = weigh(s_0, maximum, key.x, live);
    let w_1 = weigh(s_1, maximum, key.y, live);
    let w_2 = weigh(s_2, maximum, key.z, live);
    let w_3 = weigh(s_3, maximum, key.w, live);
    total = total * rescale + (w_0 + w_1 + w_2 + w_3);
    let kept_0 = keep(w_0, key.x, rows);
    let kept_1 = keep(w_1, key.y, rows);
    let kept_2 = keep(w_2, key.z, rows);
    let kept_3 = keep(w_3, key.w, rows);
    let values_0 = &v[at.x];
    let values_1 = &v[at.y];
    let values_2 = &v[at.z];
    let values_3 = &v[at.w];
    for (var c = 0u; c < chunks; c++) {
      let v_0 = (*values_0)[first + c];
      let v_1 = (*values_1)[first + c];
      let v_2 = (*values_2)[first + c];
      let v_3 = (*values_3)[first + c];
      let mixed_0 = kept_0.x * v_0 + kept_1.x * v_1 + kept_2.x * v_2 + kept_3.x * v_3;
      let mixed_1 = kept_0.y * v_0 + kept_1.y * v_1 + kept_2.y * v_2 + kept_3.y * v_3;
      let mixed_2 = kept_0.z * v_0 + kept_1.z * v_1 + kept_2.z * v_2 + kept_3.z * v_3;
      let mixed_3 = kept_0.w * v_0 + kept_1.w * v_1 + kept_2.w * v_2 + kept_3.w * v_3;
      let mixed = quad_sum_of_own(mixed_0, mixed_1, mixed_2, mixed_3, lane);
      if (is_stored) {
        (*answer)[first + c] = (*answer)[first + c] * rescale[lane] + mixed;
      }
    }
  }

  let total_of_own = quad_sum(total)[lane];
  if (is_stored) {
    for (var c = 0u; c < chunks; c++) {
      (*answer)[first + c] /= total_of_own;
    }
  }
}
