// Keys and values of one head, sixteen at a time, in workgroup memory: read once for all queries of a workgroup.
//   k, v  [batch, capacity, emb_dim]   the KV cache
const keys = 16u;           // of a tile
const vecs = head_dim / 4u; // of a key; n_heads and head_dim are specialization constants, appended to this source

@group(0) @binding(2) var<storage, read> k: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> v: array<vec4<f32>>;

var<workgroup> k_tile: array<vec4<f32>, keys * vecs>;
var<workgroup> v_tile: array<vec4<f32>, keys * vecs>;

// Loads keys start .. start + 15; called by all threads, with a barrier before and after it. Neighbours read neighbours.
fn load_tile(batch: u32, head: u32, start: u32, end: u32, lane: u32) {
  for (var j = 0u; j < (keys * vecs + threads - 1u) / threads; j++) {
    let i = j * threads + lane;
    let key = start + i / vecs;
    let at = ((batch * dims.capacity + key) * n_heads + head) * vecs + i % vecs;
    if (i < keys * vecs && key < end) {
      k_tile[i] = k[at];
      v_tile[i] = v[at];
    } else if (i < keys * vecs) {
      v_tile[i] = vec4(0.0); // nobody sees this key: its weight is 0, and 0 * NaN would not be 0
    }
  }
}
