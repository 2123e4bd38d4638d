// matvec: y = x · wᵀ, for one to four rows
//   x  by the prologue          [num_rows, in_dim], as it is or after its LayerNorm
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the epilogue
// One workgroup computes four features of all rows. Its threads stride along in_dim together, so that neighbouring threads
// read neighbouring weights; at the end the workgroup-sum part adds up their sums. Every weight is read once, for all rows.
// The rounds are counted by constants, so that every compiler can unroll them and ask for all weights at once.
// Made for graphics cards, where memory is fastest when neighbours read together and barriers are cheap.
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
override rows: u32 = 1; // how many of x's rows this pipeline computes, at most MAX_ROWS

const threads = 64u + 192u * min(in_dim / 2048u, 1u); // more for long rows, so that these too take few rounds
const FEATURES = 4u; // of a workgroup
const MAX_ROWS = 4u;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  const vecs = in_dim / VEC;
  const rounds = (vecs + threads - 1u) / threads;
  let first_feature = (group.y * groups.x + group.x) * FEATURES;
  // At the tail the last feature is computed more than once, and stored once.
  let last_feature = out_dim - 1u;
  let w_at = min(vec4(first_feature) + vec4(0u, 1u, 2u, 3u), vec4(last_feature)) * vecs;
  var sums = array<vec4<f32>, MAX_ROWS>(); // [row][feature]

  prepare_input(rows, lane);
  for (var round = 0u; round < rounds; round++) {
    let i = round * threads + lane;
    if (vecs % threads == 0u || i < vecs) {
      let four = Vec4x(weight(w_at.x + i), weight(w_at.y + i), weight(w_at.z + i), weight(w_at.w + i));
      for (var r = 0u; r < rows; r++) {
        sums[r] += dot4(four, input(r, i));
      }
    }
  }

  for (var r = 0u; r < rows; r++) {
    let total = sum_over_workgroup(sums[r], lane);
    if (lane < FEATURES && first_feature + lane < out_dim) {
      store(r, first_feature + lane, total[lane]);
    }
  }
}
