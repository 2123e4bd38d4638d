// flash-attention-quad: y[t] = sum over keys of softmax(q[t] · k[key] / sqrt(head_dim)) * v[key], for each head
//   q, y       [batch, num_tokens, emb_dim]    emb_dim = n_heads * head_dim
//   k, v       [batch, capacity, emb_dim]      the KV cache
//   cache_len  [1]                             tokens in the cache before these
// Computes what flash-attention does, without a barrier and without workgroup memory. Made for software adapters, where a
// barrier costs more than arithmetic. Needs the feature "subgroups".
// One workgroup is one quad, four threads that swap registers; it computes four queries of a head, sixteen keys a round:
//
//               thread 0       thread 1       thread 2       thread 3
//     loads     q[t]           q[t + 1]       q[t + 2]       q[t + 3]       and shares it by quadBroadcast
//     loads     keys 0 .. 3    4 .. 7         8 .. 11        12 .. 15       k and v, once for all four queries
//     holds     scores[i] and w[i] of its key i: a vec4, one value for each of the queries t .. t + 3
//     holds     maximum and total of the online softmax: a vec4, one value a query; the total is of its own keys
//     writes    y[t]           y[t + 1]       y[t + 2]       y[t + 3]       summed over the quad by quad_weighted
//
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts
const QUERIES = 4u; // of a quad
const vecs = head_dim / VEC; // of a head; n_heads and head_dim are specialization constants, appended to this source
alias Token = array<Vec, n_heads * vecs>;

@group(0) @binding(1) var<storage, read> q: array<Token>;
@group(0) @binding(2) var<storage, read> k: array<Token>;
@group(0) @binding(3) var<storage, read> v: array<Token>;
@group(0) @binding(5) var<storage, read_write> y: array<Token>;

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) invocation: u32) {
  let lane = invocation % 4u;
  let head = group.y;
  let batch = group.z;
  // At the tail the last query is computed more than once, and stored once.
  let last = dims.num_tokens - 1u;
  let t = min(vec4(QUERIES * group.x) + vec4(0u, 1u, 2u, 3u), vec4(last));
  let kv_len = vec4(kv_len_of(t.x), kv_len_of(t.y), kv_len_of(t.z), kv_len_of(t.w));
  let rows = ((batch * n_heads + head) * dims.num_tokens + t) * dims.num_tokens; // of the attention weights
  let in_range = QUERIES * group.x + lane <= last;
  let index = batch * dims.num_tokens + min(QUERIES * group.x + lane, last);
  let query = &q[index]; // by pointer, so that the token's index is checked once and not with every vec
  let out = &y[index];
  let first = head * vecs;

  var maximum = vec4(lowest);
  var total = vec4(0.0); // of this thread's keys
  for (var start = 0u; start < kv_len.w; start += 16u) {
    let key = start + 4u * lane + vec4(0u, 1u, 2u, 3u);
    // A key that may not be seen is replaced by one that may, and gets no weight.
    let at = batch * dims.capacity + min(key, vec4(kv_len.w - 1u));
    let k_0 = &k[at.x];
    let k_1 = &k[at.y];
    let k_2 = &k[at.z];
    let k_3 = &k[at.w];
    var dots = mat4x4<f32>(); // [key of this thread][query]
    for (var c = 0u; c < vecs; c++) {
      let queries = quad_gather((*query)[first + c]);
      dots += mat4x4(
        dot4(queries, (*k_0)[first + c]), dot4(queries, (*k_1)[first + c]),
        dot4(queries, (*k_2)[first + c]), dot4(queries, (*k_3)[first + c]),
      );
    }
    let scores = scaled(dots, key, kv_len);

    let before = maximum;
    maximum = max(maximum, largest(scores));
    let rescale = exp(before - maximum);
    let w = unnormalized(scores, maximum, key, kv_len);
    total = total * rescale + (w[0] + w[1] + w[2] + w[3]);
    let p = transpose(drop_out_keys(w, rows, key)); // [query][key of this thread]
    let v_0 = &v[at.x];
    let v_1 = &v[at.y];
    let v_2 = &v[at.z];
    let v_3 = &v[at.w];
    for (var c = 0u; c < vecs; c++) {
      let values = Vec4x((*v_0)[first + c], (*v_1)[first + c], (*v_2)[first + c], (*v_3)[first + c]);
      let context_vec = quad_weighted(values, p, lane);
      if (in_range) {
        (*out)[first + c] = select(Vec(), (*out)[first + c] * rescale[lane], start > 0u) + context_vec;
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
