// flash-attention-quad: y[t] = sum over keys of softmax(q[t] · k[key] / sqrt(head_dim)) * v[key], for each head
//   q, y       [batch, num_tokens, emb_dim]    emb_dim = n_heads * head_dim
//   k, v       [batch, capacity, emb_dim]      the KV cache
//   cache_len  [1]                             tokens in the cache before these
// Computes what flash-attention does, without a barrier and without workgroup memory. Made for adapters on which barriers
// cost more than arithmetic: software adapters first. Needs the feature "subgroups".
// One workgroup is one quad, four threads that swap registers; it answers four queries of a head, sixteen keys a round:
//
//               thread 0       thread 1       thread 2       thread 3
//     loads     q[t]           q[t + 1]       q[t + 2]       q[t + 3]       and shares it by quadBroadcast
//     loads     keys 0 .. 3    4 .. 7         8 .. 11        12 .. 15       k and v, once for all four queries
//     holds     s_i: a vec4, the scores of its key i for queries t .. t + 3
//     writes    y[t]           y[t + 1]       y[t + 2]       y[t + 3]       summed over the quad by quad_sum_of_own
//
// The running maximum and total of the online softmax are vec4s too, one value a query, equal in all four threads.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts
const vecs = head_dim / VEC; // of a head; n_heads and head_dim are specialization constants, appended to this source
alias Token = array<Vec, n_heads * vecs>;

@group(0) @binding(1) var<storage, read> q: array<Token>;
@group(0) @binding(2) var<storage, read> k: array<Token>;
@group(0) @binding(3) var<storage, read> v: array<Token>;
@group(0) @binding(5) var<storage, read_write> y: array<Token>;

// Scores of a key, one a query, -> exp(score - maximum); 0 for a query that may not see the key.
fn weigh(scores: vec4<f32>, maximum: vec4<f32>, key: u32, kv_len: vec4<u32>) -> vec4<f32> {
  return select(vec4(0.0), exp(scores - maximum), vec4(key) < kv_len);
}

// The same after dropout.
fn drop_out_four(weights: vec4<f32>, elements: vec4<u32>) -> vec4<f32> {
  return vec4(
    drop_out(weights.x, elements.x), drop_out(weights.y, elements.y),
    drop_out(weights.z, elements.z), drop_out(weights.w, elements.w),
  );
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) invocation: u32) {
  let lane = invocation % 4u;
  let head = group.y;
  let batch = group.z;
  // At the tail the last query is computed more than once, and stored once.
  let last = dims.num_tokens - 1u;
  let t = min(vec4(4u * group.x) + vec4(0u, 1u, 2u, 3u), vec4(last));
  let kv_len = vec4(kv_len_of(t.x), kv_len_of(t.y), kv_len_of(t.z), kv_len_of(t.w));
  let max_kv_len = kv_len.w;
  let rows = ((batch * n_heads + head) * dims.num_tokens + t) * dims.num_tokens;
  let first_key = batch * dims.capacity;
  let in_range = 4u * group.x + lane <= last;
  let index = batch * dims.num_tokens + min(4u * group.x + lane, last);
  let query = &q[index]; // by pointer, so that a token is looked up once and not with every vec
  let out = &y[index];
  let first = head * vecs;

  if (in_range) {
    for (var c = 0u; c < vecs; c++) {
      (*out)[first + c] = Vec();
    }
  }
  var maximum = vec4(lowest); // of each query
  var total = vec4(0.0);
  for (var start = 0u; start < max_kv_len; start += 16u) {
    let key = start + 4u * lane + vec4(0u, 1u, 2u, 3u);
    // A key that may not be seen is replaced by one that may, and gets no weight.
    let at = first_key + min(key, vec4(max_kv_len - 1u));
    let k_0 = &k[at.x];
    let k_1 = &k[at.y];
    let k_2 = &k[at.z];
    let k_3 = &k[at.w];
    var s_0 = vec4(0.0); // scores of this thread's first key, one a query
    var s_1 = vec4(0.0);
    var s_2 = vec4(0.0);
    var s_3 = vec4(0.0);
    for (var c = 0u; c < vecs; c++) {
      let q_c = (*query)[first + c];
      let queries = Vec4x(quadBroadcast(q_c, 0u), quadBroadcast(q_c, 1u), quadBroadcast(q_c, 2u), quadBroadcast(q_c, 3u));
      s_0 += dot4(queries, (*k_0)[first + c]);
      s_1 += dot4(queries, (*k_1)[first + c]);
      s_2 += dot4(queries, (*k_2)[first + c]);
      s_3 += dot4(queries, (*k_3)[first + c]);
    }
    let root = sqrt(f32(head_dim));
    s_0 = select(vec4(lowest), s_0 / root, vec4(key.x) < kv_len);
    s_1 = select(vec4(lowest), s_1 / root, vec4(key.y) < kv_len);
    s_2 = select(vec4(lowest), s_2 / root, vec4(key.z) < kv_len);
    s_3 = select(vec4(lowest), s_3 / root, vec4(key.w) < kv_len);

    let before = maximum;
    maximum = max(maximum, quad_max(max(max(s_0, s_1), max(s_2, s_3))));
    let rescale = exp(before - maximum);
    let w_0 = weigh(s_0, maximum, key.x, kv_len);
    let w_1 = weigh(s_1, maximum, key.y, kv_len);
    let w_2 = weigh(s_2, maximum, key.z, kv_len);
    let w_3 = weigh(s_3, maximum, key.w, kv_len);
    total = total * rescale + (w_0 + w_1 + w_2 + w_3);
    // After dropout, each query's weights side by side: p[query][key of this thread].
    let p = transpose(mat4x4(
      drop_out_four(w_0, rows + key.x), drop_out_four(w_1, rows + key.y), drop_out_four(w_2, rows + key.z), drop_out_four(w_3, rows + key.w),
    ));
    let v_0 = &v[at.x];
    let v_1 = &v[at.y];
    let v_2 = &v[at.z];
    let v_3 = &v[at.w];
    for (var c = 0u; c < vecs; c++) {
      let values = Vec4x((*v_0)[first + c], (*v_1)[first + c], (*v_2)[first + c], (*v_3)[first + c]);
      let context_vec = quad_sum_of_own(weighted(values, p[0]), weighted(values, p[1]), weighted(values, p[2]), weighted(values, p[3]), lane);
      if (in_range) {
        (*out)[first + c] = (*out)[first + c] * rescale[lane] + context_vec;
      }
    }
  }

  let total_of_own = quad_sum(total)[lane];
  if (in_range) {
    for (var c = 0u; c < vecs; c++) {
      (*out)[first + c] /= total_of_own;
    }
  }
}
