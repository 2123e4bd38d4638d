// flash-attention: y[t] = sum over keys of softmax(q[t] · k[key] / sqrt(head_dim)) * v[key], for each head
//   q, y       [batch, num_tokens, emb_dim]    emb_dim = n_heads * head_dim
//   k, v       [batch, capacity, emb_dim]      the KV cache
//   cache_len  [1]                             tokens in the cache before these
// Made for graphics cards, where barriers are cheap. A query sees kv_len keys: up to its own with the causal mask, all
// cache_len + num_tokens without. No other key is read, so there is no infinity to mask with.
// One workgroup computes one query and head, 64 keys a round, one a thread. It rescales what it has summed by the running
// maximum (online softmax), so no [num_tokens, num_tokens] matrix is ever stored.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts
const threads = 64u;

@group(0) @binding(1) var<storage, read> q: array<Vec>;
@group(0) @binding(2) var<storage, read> k: array<Vec>;
@group(0) @binding(3) var<storage, read> v: array<f32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

var<workgroup> query: array<Vec, head_dim / VEC>;
var<workgroup> scores: array<f32, threads>;  // and at the end each thread's share of the weights' total
var<workgroup> weights: array<f32, threads>; // exp(score - maximum), after dropout

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let t = group.x;
  let head = group.y;
  let batch = group.z;
  const emb_dim = n_heads * head_dim;
  let token = batch * dims.num_tokens + t;
  let first_key = batch * dims.capacity;
  let kv_len = kv_len_of(t);

  for (var c = lane; c < head_dim / VEC; c += threads) {
    query[c] = q[(token * emb_dim + head * head_dim) / VEC + c];
  }
  workgroupBarrier(); // the query is loaded

  var maximum = lowest;
  var own_total = 0.0; // of this thread's keys, before dropout: the softmax is not aware of it
  var context_vec: array<f32, (head_dim + threads - 1u) / threads>; // dimensions lane, lane + threads, ... of the head
  for (var start = 0u; start < kv_len; start += threads) {
    let key = start + lane;
    let count = min(threads, kv_len - start);
    var score = lowest;
    if (key < kv_len) {
      score = 0.0;
      let at = ((first_key + key) * emb_dim + head * head_dim) / VEC;
      for (var c = 0u; c < head_dim / VEC; c++) {
        score += dot_vec(query[c], k[at + c]);
      }
      score /= sqrt(f32(head_dim));
    }
    scores[lane] = score;
    workgroupBarrier(); // all scores are written, and the last round's weights are read

    let before = maximum;
    for (var i = 0u; i < count; i++) {
      maximum = max(maximum, scores[i]);
    }
    let weight = select(0.0, exp(score - maximum), key < kv_len);
    let element = ((batch * n_heads + head) * dims.num_tokens + t) * dims.num_tokens + key;
    weights[lane] = drop_out(weight, element);
    workgroupBarrier(); // all weights are written, and this round's scores are read

    let rescale = exp(before - maximum);
    own_total = own_total * rescale + weight;
    for (var d = lane; d < head_dim; d += threads) {
      var sum = context_vec[d / threads] * rescale;
      for (var i = 0u; i < count; i++) {
        sum += weights[i] * v[(first_key + start + i) * emb_dim + head * head_dim + d];
      }
      context_vec[d / threads] = sum;
    }
  }

  scores[lane] = own_total;
  workgroupBarrier(); // all totals are written
  var total = 0.0;
  for (var i = 0u; i < threads; i++) {
    total += scores[i];
  }
  for (var d = lane; d < head_dim; d += threads) {
    y[token * emb_dim + head * head_dim + d] = context_vec[d / threads] / total;
  }
}
