// matvec: y = x · wᵀ, for one to four rows
//   x  by the prologue          [num_rows, in_dim], as it is or after its LayerNorm
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the epilogue
// One workgroup computes four features of all rows. Its threads stride along in_dim together, so that neighbouring threads
// read neighbouring weights; at the end the workgroup-sum part adds up their sums. Every weight is read once, for all rows.
// Made for graphics cards, where memory is fastest when neighbours read together and barriers are cheap.
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
override rows: u32 = 1; // how many of x's rows this pipeline computes, at most MAX_ROWS

const threads = 64u;
const FEATURES = 4u; // of a workgroup
const MAX_ROWS = 4u;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  const vecs = in_dim / VEC;
  let first_feature = (group.y * groups.x + group.x) * FEATURES;
  // At the tail the last feature is computed more than once, and stored once.
  let last_feature = out_dim - 1u;
  let w_at = min(vec4(first_feature) + vec4(0u, 1u, 2u, 3u), vec4(last_feature)) * vecs;
  var sums = array<vec4<f32>, MAX_ROWS>(); // [row][feature]

  prepare_input(rows, lane);
  for (var i = lane; i < vecs; i += threads) {
    let w_0 = weight(w_at.x + i);
    let w_1 = weight(w_at.y + i);
    let w_2 = weight(w_at.z + i);
    let w_3 = weight(w_at.w + i);
    for (var r = 0u; r < rows; r++) {
      let x_i = input(r, i);
      sums[r] += vec4(dot_vec(x_i, w_0), dot_vec(x_i, w_1), dot_vec(x_i, w_2), dot_vec(x_i, w_3));
    }
  }

  for (var r = 0u; r < rows; r++) {
    let total = sum_over_workgroup(sums[r], lane);
    if (lane < FEATURES && first_feature + lane < out_dim) {
      store(r, first_feature + lane, total[lane]);
    }
  }
}
