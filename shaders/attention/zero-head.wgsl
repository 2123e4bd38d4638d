// zero-head: context_vec[row, i] = 0 for i of one head, head * head_dim .. (head + 1) * head_dim
//   context_vec  [num_rows, emb_dim]    emb_dim = n_heads * head_dim; the other heads' elements stay as they are
// Takes a head away: attention has been computed, and this head's share of it does not reach out_proj.
// One thread zeroes one element. Made for every adapter.
// Notebook: MultiHeadAttention, context_vec · Reference: src/reference/zero-head.ts

const threads = 64u;

struct Dims {
  num_rows: u32,
  n_heads: u32,
  head_dim: u32,
  head: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read_write> context_vec: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = thread.y * groups.x * threads + thread.x;
  if (i >= dims.num_rows * dims.head_dim) {
    return;
  }
  let row = i / dims.head_dim;
  context_vec[(row * dims.n_heads + dims.head) * dims.head_dim + i % dims.head_dim] = 0.0;
}
