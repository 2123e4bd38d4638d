// embedding: x[b, t] = tok_emb[idx[b, t]] + pos_emb[cache_len + t]
//   idx      [num_rows]                  token ids, num_rows = batch * num_tokens
//   w        [num_ids, emb_dim]          tok_emb, or the part of it that starts at first_id
//   pos_emb  [context_length, emb_dim]
//   cache_len  [1]                       position of the first token
//   x        [num_rows, emb_dim]
// One thread computes one vec of a row. Where w is a part of tok_emb, it skips the tokens of the other parts. Made for every
// adapter.
// Notebook: tok_emb, pos_emb · Reference: src/reference/embedding.ts
const threads = 64u;
const w_values = num_ids * emb_dim; // specialization constants, appended to this source for each shape of w

struct Dims {
  num_rows: u32,
  num_tokens: u32,
  first_id: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> idx: array<u32>;
@group(0) @binding(3) var<storage, read> pos_emb: array<Vec>;
@group(0) @binding(4) var<storage, read> cache_len: array<u32>;
@group(0) @binding(5) var<storage, read_write> x: array<Vec>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let vecs = emb_dim / VEC;
  let i = thread.y * groups.x * threads + thread.x;
  let row = i / vecs;
  if (row >= dims.num_rows) {
    return;
  }
  let id = idx[row];
  if (id < dims.first_id || id >= dims.first_id + num_ids) {
    return;
  }
  let channel = i % vecs;
  let position = cache_len[0] + row % dims.num_tokens;
  x[i] = weight((id - dims.first_id) * vecs + channel) + pos_emb[position * vecs + channel];
}
