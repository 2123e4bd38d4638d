// matvec: y = x · wᵀ, for one to four rows
//   x  [num_rows, in_dim]
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the output stage
// One workgroup four features: its threads stride along in_dim together, so that neighbours read neighbouring
// weights, and add up what each has at the end. Every weight is read once, for all rows.
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
override rows: u32 = 1; // 1 to 4: how many of x's rows this pipeline computes

const threads = 64u;
const FEATURES = 4u;

@group(0) @binding(1) var<storage, read> x: array<Chunk>;

var<workgroup> partial: array<mat4x4<f32>, threads>; // [thread][row][feature]

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let chunks = dims.in_dim / CHUNK;
  let first_feature = (group.y * 65535u + group.x) * FEATURES;
  var sums = mat4x4<f32>(); // [row][feature]

  for (var f = 0u; f < FEATURES; f++) {
    if (first_feature + f < dims.out_dim) {
      let first_chunk = (first_feature + f) * chunks;
      for (var i = lane; i < chunks; i += threads) {
        let w_i = weight(first_chunk + i);
        for (var r = 0u; r < rows; r++) {
          sums[r][f] += chunk_dot(x[r * chunks + i], w_i);
        }
      }
    }
  }

  partial[lane] = sums;
  for (var half = threads / 2u; half > 0u; half /= 2u) {
    workgroupBarrier(); // the upper half's sums are written
    if (lane < half) {
      for (var r = 0u; r < rows; r++) {
        partial[lane][r] += partial[lane + half][r];
      }
    }
  }
  workgroupBarrier(); // the totals are written
  let row = lane / FEATURES;
  let feature = first_feature + lane % FEATURES;
  if (row < rows && feature < dims.out_dim) {
    store(row, feature, partial[0][row][lane % FEATURES]);
  }
}
