// causal-attention: y[t] = sum over live keys of softmax(q[t] · k[key] / sqrt(head_dim)) * v[key], for each head
//   q, y   [batch, num_tokens, emb_dim]    emb_dim = n_heads * head_dim
//   k, v   [batch, capacity, emb_dim]      the KV cache
//   past   [1]                             tokens in the cache before these
// Live keys are 0 .. past + t with the causal mask, 0 .. past + num_tokens without: a key that may not be seen is
// never touched, so there is no infinity to mask with. One workgroup a query and head; 64 keys at a time, one a
// thread, with the running maximum of the online softmax: no [num_tokens, num_tokens] matrix in memory.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts
override causal: bool = true;
override dropout: bool = false; // training: zeroes attention weights, after the softmax

const threads = 64u;
const lowest = -3.4028234e38;

struct Dims {
  batch: u32,
  num_tokens: u32,
  capacity: u32,
  dropout_seed: u32,
  keep_below: u32, // an element is kept where its generator state is below this,
  keep_bits: u32,  // and divided by this share (the bits of an f32)
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> q: array<Chunk>;
@group(0) @binding(2) var<storage, read> k: array<Chunk>;
@group(0) @binding(3) var<storage, read> v: array<f32>;
@group(0) @binding(4) var<storage, read> past: array<u32>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

var<workgroup> query: array<Chunk, head_dim / CHUNK>;
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
  let live = past[0] + select(dims.num_tokens, t + 1u, causal);

  for (var c = lane; c < head_dim / CHUNK; c += threads) {
    query[c] = q[(token * emb_dim + head * head_dim) / CHUNK + c];
  }
  workgroupBarrier(); // the query is loaded

  var maximum = lowest;
  var own_total = 0.0; // of this thread's keys: dropout changes nothing in what the weights are divided by
  var mixed: array<f32, (head_dim + threads - 1u) / threads>; // dimensions lane, lane + threads, ... of the answer
  for (var start = 0u; start < live; start += threads) {
    let key = start + lane;
    let count = min(threads, live - start);
    var score = lowest;
    if (key < live) {
      score = 0.0;
      let at = ((first_key + key) * emb_dim + head * head_dim) / CHUNK;
      for (var c = 0u; c < head_dim / CHUNK; c++) {
        score += chunk_dot(query[c], k[at + c]);
      }
      score /= sqrt(f32(head_dim));
    }
    scores[lane] = score;
    workgroupBarrier(); // all scores are written, and the last round's weights are read

    let before = maximum;
    for (var i = 0u; i < count; i++) {
      maximum = max(maximum, scores[i]);
    }
    let weight = select(0.0, exp(score - maximum), key < live);
    weights[lane] = weight;
    if (dropout) {
      let element = ((batch * n_heads + head) * dims.num_tokens + t) * dims.num_tokens + key;
      let keep = mcg31_state(dims.dropout_seed, element) < dims.keep_below;
      weights[lane] = select(0.0, weight / bitcast<f32>(dims.keep_bits), keep);
    }
    workgroupBarrier(); // all weights are written, and this round's scores are read

    let rescale = exp(before - maximum);
    own_total = own_total * rescale + weight;
    for (var d = lane; d < head_dim; d += threads) {
      var sum = mixed[d / threads] * rescale;
      for (var i = 0u; i < count; i++) {
        sum += weights[i] * v[(first_key + start + i) * emb_dim + head * head_dim + d];
      }
      mixed[d / threads] = sum;
    }
  }

  scores[lane] = own_total;
  workgroupBarrier(); // all totals are written
  var total = 0.0;
  for (var i = 0u; i < threads; i++) {
    total += scores[i];
  }
  for (var d = lane; d < head_dim; d += threads) {
    y[token * emb_dim + head * head_dim + d] = mixed[d / threads] / total;
  }
}
