// matmul-register: y = x · wᵀ, for any number of rows, without a barrier and without workgroup memory
//   x  by the prologue          [num_rows, in_dim]
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the epilogue
// One thread computes four features of `rows` rows, from the first vec to the last, and holds their sums in registers.
// Made for software adapters, where a barrier costs more than arithmetic, and runs on every adapter.
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
override rows: u32 = 1; // of a thread, 1 to 4

const threads = 16u; // so few that a small product is shared out evenly among a few processors

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  let feature = thread.x * FEATURES;
  let row = thread.y * rows;
  if (feature >= out_dim) {
    return;
  }
  const vecs = in_dim / VEC;
  // At the tail the last feature and the last row are computed more than once, and stored once.
  let last_feature = out_dim - 1u;
  let last_row = dims.num_rows - 1u;
  let w_at = min(vec4(feature) + vec4(0u, 1u, 2u, 3u), vec4(last_feature)) * vecs;
  let x_0 = &x[row];
  let x_1 = &x[min(row + 1u, last_row)];
  let x_2 = &x[min(row + 2u, last_row)];
  let x_3 = &x[min(row + 3u, last_row)];
  var sums_0 = vec4(0.0); // one of four features each; named, because an array would not stay in registers
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
      block_0 += dot4(four, (*x_0)[start + i]);
      if (rows > 1u) {
        block_1 += dot4(four, (*x_1)[start + i]);
      }
      if (rows > 2u) {
        block_2 += dot4(four, (*x_2)[start + i]);
      }
      if (rows > 3u) {
        block_3 += dot4(four, (*x_3)[start + i]);
      }
    }
    let scales = four_scales(block);
    sums_0 += block_0 * scales;
    sums_1 += block_1 * scales;
    sums_2 += block_2 * scales;
    sums_3 += block_3 * scales;
  }

  store_row(row, feature, sums_0);
  if (rows > 1u) {
    store_row(row + 1u, feature, sums_1);
  }
  if (rows > 2u) {
    store_row(row + 2u, feature, sums_2);
  }
  if (rows > 3u) {
    store_row(row + 3u, feature, sums_3);
  }
}
