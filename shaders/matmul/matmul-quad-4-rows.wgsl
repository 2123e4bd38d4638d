// matmul-quad-4-rows: y = x · wᵀ, for two to four rows, without a barrier and without workgroup memory
//   x  by the prologue          [num_rows, in_dim]
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the epilogue
// One thread computes four features of four rows, as in matmul-register, but it loads the vecs of one row only:
//
//              thread 0   thread 1   thread 2   thread 3
//     sums_0    row 0      row 1      row 2      row 3     its own load
//     sums_1    row 1      row 0      row 3      row 2     quadSwapX
//     sums_2    row 2      row 3      row 0      row 1     quadSwapY
//     sums_3    row 3      row 2      row 1      row 0     quadSwapDiagonal
//
// Made for software adapters, where a load costs more than arithmetic and a barrier even more. Needs the feature
// "subgroups".
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
const threads = 16u; // so few that a small product is shared out evenly among a few processors
const ROWS = 4u; // of a quad

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3<u32>, @builtin(subgroup_invocation_id) invocation: u32) {
  let lane = invocation % 4u;
  let feature = thread.x * FEATURES;
  let first_row = thread.y * ROWS;
  const vecs = in_dim / VEC;
  // At the tail the last feature and the last row are computed more than once, and stored once. No thread leaves early:
  // its neighbours need its row.
  let w_at = min(vec4(feature) + vec4(0u, 1u, 2u, 3u), vec4(out_dim - 1u)) * vecs;
  let x_row = &x[min(first_row + lane, dims.num_rows - 1u)];
  var sums_0 = vec4(0.0); // one of four features each, of the rows in the table above
  var sums_1 = vec4(0.0);
  var sums_2 = vec4(0.0);
  var sums_3 = vec4(0.0);

  for (var start = 0u; start < vecs; start += BLOCK) { // one round, but for weights with scales
    let block = block_at(w_at + start);
    var block_0 = vec4(0.0); // the block's part of the sums, without its scales
    var block_1 = vec4(0.0);
    var block_2 = vec4(0.0);
    var block_3 = vec4(0.0);
    for (var i = 0u; i < BLOCK; i++) {
      let four = four_unscaled(block + i);
      let vec = (*x_row)[start + i];
      block_0 += dot4(four, vec);
      block_1 += dot4(four, quadSwapX(vec));
      block_2 += dot4(four, quadSwapY(vec));
      block_3 += dot4(four, quadSwapDiagonal(vec));
    }
    let scales = four_scales(block);
    sums_0 += block_0 * scales;
    sums_1 += block_1 * scales;
    sums_2 += block_2 * scales;
    sums_3 += block_3 * scales;
  }

  store_row(first_row + lane, feature, sums_0);
  store_row(first_row + (lane ^ 1u), feature, sums_1);
  store_row(first_row + (lane ^ 2u), feature, sums_2);
  store_row(first_row + (lane ^ 3u), feature, sums_3);
}
