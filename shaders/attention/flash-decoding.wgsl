// flash-decoding: partials = sum over keys of softmax(q · k[key] / sqrt(head_dim)) * v[key], for each split of the keys, by head
//   q          [batch, emb_dim]            emb_dim = n_heads * head_dim
//   k, v       [batch, capacity, emb_dim]  the KV cache
//   cache_len  [1]                         tokens in the cache before this one
//   partials   [batch, splits, emb_dim]    with one split this is attention's result
//   stats      [batch, splits, n_heads]    of a split's scores: the maximum, and the sum of exp(score - maximum)
// Attention of one query over many keys. Made for graphics cards: a workgroup a head would leave most of their cores idle.
// One workgroup computes a head and a split, which is every splits-th round of split_len keys. Sixteen threads share a key
// and read neighbouring vecs of it. A split without a key that is seen writes nothing.
// head_dim is a multiple of 4 up to 64, as in every GPT-2; nothing is dropped out.
// Notebook: MultiHeadAttention · Reference: src/reference/causal-attention.ts
const vecs = head_dim / 4u;          // of a key; n_heads and head_dim are specialization constants
const own_keys = split_len / groups; // keys of a thread in a round: group, group + 16, ...
const row = lanes + 1u;              // so that neighbours who add up a row each read from different banks

@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> partials: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> stats: array<vec2<f32>>;

var<workgroup> products: array<f32, split_len * row>; // [split_len, lanes]
var<workgroup> scores: array<f32, split_len>;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let lane = thread % lanes;
  let group = thread / lanes;
  let head = workgroup.y;
  let batch = workgroup.z;
  let kv_len = kv_len_of(0u);
  let first_key = workgroup.x * split_len;
  if (first_key >= kv_len) {
    return;
  }
  var maximum = lowest;
  var own = Sums(); // of this group's keys
  for (var start = first_key; start < kv_len; start += grid.x * split_len) {
    var values: array<vec4<f32>, own_keys>; // read beside the keys, so that memory is waited for once
    for (var i = 0u; i < own_keys; i++) {
      let key = i * groups + group;
      var product = 0.0;
      if (start + key < kv_len && lane < vecs) {
        let at = ((batch * dims.capacity + start + key) * n_heads + head) * vecs + lane;
        product = dot(q[(batch * n_heads + head) * vecs + lane], k[at]);
        values[i] = v[at];
      }
      products[key * row + lane] = product;
    }
    workgroupBarrier(); // all products are written, and the last round's scores are read

    if (thread < split_len) {
      var score = 0.0;
      for (var i = 0u; i < lanes; i++) {
        score += products[thread * row + i];
      }
      scores[thread] = select(lowest, score / sqrt(f32(head_dim)), start + thread < kv_len);
    }
    workgroupBarrier(); // all scores are written, and this round's products are read

    let before = maximum;
    for (var i = 0u; i < split_len; i++) {
      maximum = max(maximum, scores[i]);
    }
    let rescale = exp(before - maximum);
    own.total *= rescale;
    own.context_vec *= rescale;
    for (var i = 0u; i < own_keys; i++) {
      let key = i * groups + group;
      let weight = select(0.0, exp(scores[key] - maximum), start + key < kv_len);
      own.total += weight;
      own.context_vec += weight * values[i];
    }
  }

  let sums = sum_over_groups(own, thread);
  let split = batch * grid.x + workgroup.x;
  if (thread < vecs) {
    partials[(split * n_heads + head) * vecs + thread] = sums.context_vec / sums.total;
    if (thread == 0u) {
      stats[split * n_heads + head] = vec2(maximum, sums.total);
    }
  }
}
