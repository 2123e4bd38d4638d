// matmul-quad: y = x · wᵀ, for many rows, without a barrier and without workgroup memory
//   x  by the prologue          [num_rows, in_dim]
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the epilogue
// Made for software adapters, where a barrier costs more than arithmetic. Needs the feature "subgroups".
// One workgroup is one quad, four threads that swap registers; it computes 16 rows x 128 features, each thread every
// fourth row. The kernel is input-stationary: a thread holds 16 vecs of its four rows, and multiplies them with the weights
// of one feature after the other. All four threads need the same weights, so each loads a quarter and swaps for the rest:
//
//   loaded    by a thread of this lane        x_tile[r][j] of lane i holds vec j ^ i of its row, so that it meets
//             0     1     2     3             w_j, which lane i has from lane i ^ (j % 4): that is vec j ^ i of w
//     w_0    v0    v1    v2    v3             its own load
//     w_1    v1    v0    v3    v2             quadSwapX(w_0)          (w_4, w_8 and w_12 begin the
//     w_2    v2    v3    v0    v1             quadSwapY(w_0)           other three groups of four)
//     w_3    v3    v2    v1    v0             quadSwapDiagonal(w_0)
//
// Indices into x_tile are constants, because the software adapter looks up every other address.
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
const FEATURES = 128u; // of a quad
const QUAD_ROWS = 16u;
const ROWS = QUAD_ROWS / 4u; // of a thread
const VECS = 16u; // of a row, held at a time

var<private> x_tile: array<array<Vec, VECS>, ROWS>;
var<private> sums: array<vec4<f32>, FEATURES>; // [feature][row of this thread]

// The dot product of four vecs of weights, of which this thread loaded one, with vecs j .. j + 3 of its four rows.
fn dot_quad(w_0: Vec, j: u32) -> vec4<f32> {
  let w_1 = quadSwapX(w_0);
  let w_2 = quadSwapY(w_0);
  let w_3 = quadSwapDiagonal(w_0);
  return vec4(
    dot_vec(w_0, x_tile[0][j]) + dot_vec(w_1, x_tile[0][j + 1]) + dot_vec(w_2, x_tile[0][j + 2]) + dot_vec(w_3, x_tile[0][j + 3]),
    dot_vec(w_0, x_tile[1][j]) + dot_vec(w_1, x_tile[1][j + 1]) + dot_vec(w_2, x_tile[1][j + 2]) + dot_vec(w_3, x_tile[1][j + 3]),
    dot_vec(w_0, x_tile[2][j]) + dot_vec(w_1, x_tile[2][j + 1]) + dot_vec(w_2, x_tile[2][j + 2]) + dot_vec(w_3, x_tile[2][j + 3]),
    dot_vec(w_0, x_tile[3][j]) + dot_vec(w_1, x_tile[3][j + 1]) + dot_vec(w_2, x_tile[3][j + 2]) + dot_vec(w_3, x_tile[3][j + 3]),
  );
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) invocation: u32) {
  let lane = invocation % 4u; // in the quad, as swaps see it
  const vecs = in_dim / VEC;
  const last_vec = vecs - 1u;
  let first = group.x * FEATURES;
  let features = min(FEATURES, out_dim - first);
  let row = group.y * QUAD_ROWS + lane;
  let last_row = dims.num_rows - 1u;

  for (var start = 0u; start < vecs; start += VECS) {
    for (var r = 0u; r < ROWS; r++) {
      let x_row = &x[min(row + 4u * r, last_row)]; // at the tail the last row again, which is not stored
      for (var j = 0u; j < VECS; j++) {
        let i = start + (j ^ lane);
        x_tile[r][j] = select(Vec(), (*x_row)[min(i, last_vec)], i < vecs);
      }
    }
    for (var f = 0u; f < features; f++) {
      let w_at = (first + f) * vecs;
      let w_0 = weight(w_at + min(start + lane, last_vec)); // past the end any weight, times zero
      let w_4 = weight(w_at + min(start + 4u + lane, last_vec));
      let w_8 = weight(w_at + min(start + 8u + lane, last_vec));
      let w_12 = weight(w_at + min(start + 12u + lane, last_vec));
      sums[f] += dot_quad(w_0, 0u) + dot_quad(w_4, 4u) + dot_quad(w_8, 8u) + dot_quad(w_12, 12u);
    }
  }

  for (var f = 0u; f < features; f++) {
    for (var r = 0u; r < ROWS; r++) {
      if (row + 4u * r < dims.num_rows) {
        store(row + 4u * r, first + f, sums[f][r]);
      }
    }
  }
}
