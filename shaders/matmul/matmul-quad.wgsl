// matmul-by-quads: y = x · wᵀ, for many rows, without a barrier and without workgroup memory
//   x  by the input stage       [num_rows, in_dim]
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the output stage
// Four threads (a quad) 128 features of 16 rows, each thread every fourth row. What stays is x: a thread keeps sixteen
// chunks of its four rows, and one feature's weights after the other pass by. All four need the same weights, so each
// loads a quarter and gets the rest from its neighbours' registers; a weight, once there, serves 16 rows.
// Indices into `kept` are written out, because only an address that the compiler knows is read without being looked up
// (docs/speed.md tells what that is worth on a software adapter).
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
const FEATURES = 128u; // of a quad; linear.ts has it too
const ROWS = 4u; // of a thread
const CHUNKS = 16u; // kept at a time

var<private> kept: array<array<Chunk, CHUNKS>, ROWS>;
var<private> sums: array<vec4<f32>, FEATURES>; // of four rows each

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) invocation: u32) {
  let lane = invocation % 4u; // in the quad, as swaps see it
  const chunks = in_dim / CHUNK;
  const last_chunk = chunks - 1u;
  let first = group.x * FEATURES;
  let features = min(FEATURES, out_dim - first);
  let row = group.y * 4u * ROWS + lane;
  let last_row = dims.num_rows - 1u;

  for (var start = 0u; start < chunks; start += CHUNKS) {
    for (var r = 0u; r < ROWS; r++) {
      let own = &x[min(row + 4u * r, last_row)]; // at the tail the last row again, which nobody stores
      for (var c = 0u; c < CHUNKS; c++) {
        // In the order in which weights will come: the lane's own, its neighbour's to the side, above, across.
        let i = start + (c ^ lane);
        kept[r][c] = select(Chunk(), (*own)[min(i, last_chunk)], i < chunks);
      }
    }
    for (var f = 0u; f < features; f++) {
      let w_at = (first + f) * chunks;
      let w_0 = weight(w_at + min(start + lane, last_chunk)); // past the end: any, times zero
      let w_4 = weight(w_at + min(start + 4u + lane, last_chunk));
      let w_8 = weight(w_at + min(start + 8u + lane, last_chunk));
      let w_12 = weight(w_at + min(start + 12u + lane, last_chunk));
      let w_1 = quadSwapX(w_0);
      let w_2 = quadSwapY(w_0);
      let w_3 = quadSwapDiagonal(w_0);
      let w_5 = quadSwapX(w_4);
      let w_6 = quadSwapY(w_4);
      let w_7 = quadSwapDiagonal(w_4);
      let w_9 = quadSwapX(w_8);
      let w_10 = quadSwapY(w_8);
      let w_11 = quadSwapDiagonal(w_8);
      let w_13 = quadSwapX(w_12);
      let w_14 = quadSwapY(w_12);
      let w_15 = quadSwapDiagonal(w_12);
      sums[f] += vec4(
        chunk_dot(w_0, kept[0][0]) + chunk_dot(w_1, kept[0][1]) + chunk_dot(w_2, kept[0][2]) + chunk_dot(w_3, kept[0][3])
          + chunk_dot(w_4, kept[0][4]) + chunk_dot(w_5, kept[0][5]) + chunk_dot(w_6, kept[0][6]) + chunk_dot(w_7, kept[0][7])
          + chunk_dot(w_8, kept[0][8]) + chunk_dot(w_9, kept[0][9]) + chunk_dot(w_10, kept[0][10]) + chunk_dot(w_11, kept[0][11])
          + chunk_dot(w_12, kept[0][12]) + chunk_dot(w_13, kept[0][13]) + chunk_dot(w_14, kept[0][14]) + chunk_dot(w_15, kept[0][15]),
        chunk_dot(w_0, kept[1][0]) + chunk_dot(w_1, kept[1][1]) + chunk_dot(w_2, kept[1][2]) + chunk_dot(w_3, kept[1][3])
          + chunk_dot(w_4, kept[1][4]) + chunk_dot(w_5, kept[1][5]) + chunk_dot(w_6, kept[1][6]) + chunk_dot(w_7, kept[1][7])
          + chunk_dot(w_8, kept[1][8]) + chunk_dot(w_9, kept[1][9]) + chunk_dot(w_10, kept[1][10]) + chunk_dot(w_11, kept[1][11])
          + chunk_dot(w_12, kept[1][12]) + chunk_dot(w_13, kept[1][13]) + chunk_dot(w_14, kept[1][14]) + chunk_dot(w_15, kept[1][15]),
        chunk_dot(w_0, kept[2][0]) + chunk_dot(w_1, kept[2][1]) + chunk_dot(w_2, kept[2][2]) + chunk_dot(w_3, kept[2][3])
          + chunk_dot(w_4, kept[2][4]) + chunk_dot(w_5, kept[2][5]) + chunk_dot(w_6, kept[2][6]) + chunk_dot(w_7, kept[2][7])
          + chunk_dot(w_8, kept[2][8]) + chunk_dot(w_9, kept[2][9]) + chunk_dot(w_10, kept[2][10]) + chunk_dot(w_11, kept[2][11])
          + chunk_dot(w_12, kept[2][12]) + chunk_dot(w_13, kept[2][13]) + chunk_dot(w_14, kept[2][14]) + chunk_dot(w_15, kept[2][15]),
        chunk_dot(w_0, kept[3][0]) + chunk_dot(w_1, kept[3][1]) + chunk_dot(w_2, kept[3][2]) + chunk_dot(w_3, kept[3][3])
          + chunk_dot(w_4, kept[3][4]) + chunk_dot(w_5, kept[3][5]) + chunk_dot(w_6, kept[3][6]) + chunk_dot(w_7, kept[3][7])
          + chunk_dot(w_8, kept[3][8]) + chunk_dot(w_9, kept[3][9]) + chunk_dot(w_10, kept[3][10]) + chunk_dot(w_11, kept[3][11])
          + chunk_dot(w_12, kept[3][12]) + chunk_dot(w_13, kept[3][13]) + chunk_dot(w_14, kept[3][14]) + chunk_dot(w_15, kept[3][15]),
      );
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
