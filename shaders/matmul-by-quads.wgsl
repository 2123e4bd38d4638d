// matmul-by-quads: y = x · wᵀ, for many rows, without a barrier and without workgroup memory
//   x  by the input stage       [num_rows, in_dim]
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the output stage
// One thread four features of twelve rows. All threads need the same rows, so the four of a quad share the loading:
// each loads one row of four, multiplies it, and gets the other three from its neighbours' registers.
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
const ROWS = 12u;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_invocation_id) invocation: u32,
) {
  const chunks = in_dim / CHUNK;
  let lane = invocation % 4u;
  let feature = (group.x * 64u + thread) * 4u;
  let row = group.y * ROWS;
  // At the tail the last feature and the last row are computed more than once, and stored once. No thread leaves
  // early: the others may need what it loads.
  let w_at = min(vec4(feature) + vec4(0u, 1u, 2u, 3u), vec4(out_dim - 1u)) * chunks;
  let last_row = dims.num_rows - 1u;
  let own_0 = &x[min(row + lane, last_row)];
  let own_4 = &x[min(row + 4u + lane, last_row)];
  let own_8 = &x[min(row + 8u + lane, last_row)];
  // Of four features each; named, because an array would not stay in registers. sums_1 belongs to the row that
  // quadSwapX brings, which is another one in every lane: row 0 + (lane ^ 1), and so on.
  var sums_0 = vec4(0.0);
  var sums_1 = vec4(0.0);
  var sums_2 = vec4(0.0);
  var sums_3 = vec4(0.0);
  var sums_4 = vec4(0.0);
  var sums_5 = vec4(0.0);
  var sums_6 = vec4(0.0);
  var sums_7 = vec4(0.0);
  var sums_8 = vec4(0.0);
  var sums_9 = vec4(0.0);
  var sums_10 = vec4(0.0);
  var sums_11 = vec4(0.0);

  for (var i = 0u; i < chunks; i++) {
    let w = Four(weight(w_at.x + i), weight(w_at.y + i), weight(w_at.z + i), weight(w_at.w + i));
    let x_0 = (*own_0)[i]; // one of the rows 0 to 3,
    let x_4 = (*own_4)[i]; // of the rows 4 to 7,
    let x_8 = (*own_8)[i]; // and of the rows 8 to 11
    sums_0 += products(w, x_0);
    sums_1 += products(w, quadSwapX(x_0));
    sums_2 += products(w, quadSwapY(x_0));
    sums_3 += products(w, quadSwapDiagonal(x_0));
    sums_4 += products(w, x_4);
    sums_5 += products(w, quadSwapX(x_4));
    sums_6 += products(w, quadSwapY(x_4));
    sums_7 += products(w, quadSwapDiagonal(x_4));
    sums_8 += products(w, x_8);
    sums_9 += products(w, quadSwapX(x_8));
    sums_10 += products(w, quadSwapY(x_8));
    sums_11 += products(w, quadSwapDiagonal(x_8));
  }

  store_row(row + lane, feature, sums_0);
  store_row(row + (lane ^ 1u), feature, sums_1);
  store_row(row + (lane ^ 2u), feature, sums_2);
  store_row(row + (lane ^ 3u), feature, sums_3);
  store_row(row + 4u + lane, feature, sums_4);
  store_row(row + 4u + (lane ^ 1u), feature, sums_5);
  store_row(row + 4u + (lane ^ 2u), feature, sums_6);
  store_row(row + 4u + (lane ^ 3u), feature, sums_7);
  store_row(row + 8u + lane, feature, sums_8);
  store_row(row + 8u + (lane ^ 1u), feature, sums_9);
  store_row(row + 8u + (lane ^ 2u), feature, sums_10);
  store_row(row + 8u + (lane ^ 3u), feature, sums_11);
}
