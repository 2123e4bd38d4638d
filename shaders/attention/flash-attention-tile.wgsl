// flash-attention-tile: y[t] = sum over keys of softmax(q[t] · k[key] / sqrt(head_dim)) * v[key], for each head
//   q, y       [batch, num_tokens, emb_dim]    emb_dim = n_heads * head_dim
//   k, v       [batch, capacity, emb_dim]      the KV cache, in tiles of 16 keys
//   cache_len  [1]                             tokens in the cache before these
// Attention of many queries. Made for graphics cards, where barriers are cheap and memory is far away.
// One workgroup computes 32 queries of a head, a tile a round, up to the last key that one of its queries sees, with the
// running maximum of the online softmax. Two threads share a query: each holds half of q and of y in registers and adds
// up half of every score. The halves meet in workgroup memory.
// head_dim is a multiple of 8 up to 64, as in every GPT-2; nothing is dropped out.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts
const queries = 32u;
const threads = 2u * queries;
const own = vecs / 2u; // vecs of a query that a thread holds
const neighbours = vec4(0u, 1u, 2u, 3u);

@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> y: array<vec4<f32>>;

var<workgroup> half_scores: array<vec4<f32>, keys / 4u * threads>; // [keys / 4, threads], of four keys each

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let head = group.y;
  let batch = group.z;
  let last = dims.num_tokens - 1u;
  let own_t = group.x * queries + lane % queries;
  let t = min(own_t, last); // at the tail the last query is computed more than once, and stored once
  let kv_len = vec4(kv_len_of(t));
  let max_kv_len = kv_len_of(min(group.x * queries + queries - 1u, last));
  let first = lane / queries * own; // neighbours have the same half, so that they read the same vec of a tile
  let q_at = ((batch * dims.num_tokens + t) * n_heads + head) * vecs + first;

  var query: array<vec4<f32>, own>;
  var context_vec: array<vec4<f32>, own>;
  for (var c = 0u; c < own; c++) {
    query[c] = q[q_at + c];
  }
  var maximum = lowest;
  var total = 0.0;
  for (var start = 0u; start < max_kv_len; start += keys) {
    load_tile(batch, head, start, max_kv_len, lane);
    workgroupBarrier(); // the tile is loaded

    for (var i = 0u; i < keys / 4u; i++) {
      var score = vec4(0.0);
      for (var c = 0u; c < own; c++) {
        let at = 4u * i * vecs + first + c;
        score += query[c] * mat4x4(k_tile[at], k_tile[at + vecs], k_tile[at + 2u * vecs], k_tile[at + 3u * vecs]);
      }
      half_scores[i * threads + lane] = score;
    }
    workgroupBarrier(); // both halves of all scores are written

    let before = maximum;
    var scores: array<vec4<f32>, keys / 4u>;
    for (var i = 0u; i < keys / 4u; i++) {
      let sums = half_scores[i * threads + lane] + half_scores[i * threads + (lane + queries) % threads];
      scores[i] = select(vec4(lowest), sums / sqrt(f32(head_dim)), start + 4u * i + neighbours < kv_len);
      maximum = max(maximum, max(max(scores[i].x, scores[i].y), max(scores[i].z, scores[i].w)));
    }
    let rescale = exp(before - maximum);
    total *= rescale;
    for (var c = 0u; c < own; c++) {
      context_vec[c] *= rescale;
    }
    for (var i = 0u; i < keys / 4u; i++) {
      let weights = select(vec4(0.0), exp(scores[i] - maximum), start + 4u * i + neighbours < kv_len);
      total += weights.x + weights.y + weights.z + weights.w;
      for (var c = 0u; c < own; c++) {
        let at = 4u * i * vecs + first + c;
        context_vec[c] += mat4x4(v_tile[at], v_tile[at + vecs], v_tile[at + 2u * vecs], v_tile[at + 3u * vecs]) * weights;
      }
    }
    workgroupBarrier(); // the tile and the halves are read
  }
  if (own_t <= last) {
    for (var c = 0u; c < own; c++) {
      y[q_at + c] = context_vec[c] / total;
    }
  }
}
