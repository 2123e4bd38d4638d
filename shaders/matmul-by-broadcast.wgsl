// matmul-by-broadcast: y = x · wᵀ, for many rows, without a barrier and without workgroup memory
//   x  by the input stage       [num_rows, in_dim]
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the output stage
// One thread four features of eight rows. All threads of a subgroup need the same rows: each loads one row of four,
// and they hand them to each other in registers. Subgroups are of four threads or more.
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
const ROWS = 8u;

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let chunks = dims.in_dim / CHUNK;
  let feature = (group.x * 64u + thread) * 4u;
  let row = group.y * ROWS;
  // At the tail the last feature and the last row are computed more than once, and stored once. No thread leaves
  // early: the others may need what it loads.
  let w_at = min(vec4(feature) + vec4(0u, 1u, 2u, 3u), vec4(dims.out_dim - 1u)) * chunks;
  let x_at = min(vec2(row, row + 4u) + lane % 4u, vec2(dims.num_rows - 1u)) * chunks;
  var sums_0 = vec4(0.0); // of four features each; named, because an array would not stay in registers
  var sums_1 = vec4(0.0);
  var sums_2 = vec4(0.0);
  var sums_3 = vec4(0.0);
  var sums_4 = vec4(0.0);
  var sums_5 = vec4(0.0);
  var sums_6 = vec4(0.0);
  var sums_7 = vec4(0.0);

  for (var i = 0u; i < chunks; i++) {
    let w_0 = weight(w_at.x + i);
    let w_1 = weight(w_at.y + i);
    let w_2 = weight(w_at.z + i);
    let w_3 = weight(w_at.w + i);
    let mine = x[x_at.x + i]; // of one of the rows 0 to 3,
    let other = x[x_at.y + i]; // and of one of the rows 4 to 7
    sums_0 += products(w_0, w_1, w_2, w_3, subgroupBroadcast(mine, 0u));
    sums_1 += products(w_0, w_1, w_2, w_3, subgroupBroadcast(mine, 1u));
    sums_2 += products(w_0, w_1, w_2, w_3, subgroupBroadcast(mine, 2u));
    sums_3 += products(w_0, w_1, w_2, w_3, subgroupBroadcast(mine, 3u));
    sums_4 += products(w_0, w_1, w_2, w_3, subgroupBroadcast(other, 0u));
    sums_5 += products(w_0, w_1, w_2, w_3, subgroupBroadcast(other, 1u));
    sums_6 += products(w_0, w_1, w_2, w_3, subgroupBroadcast(other, 2u));
    sums_7 += products(w_0, w_1, w_2, w_3, subgroupBroadcast(other, 3u));
  }

  store_row(row, feature, sums_0);
  store_row(row + 1u, feature, sums_1);
  store_row(row + 2u, feature, sums_2);
  store_row(row + 3u, feature, sums_3);
  store_row(row + 4u, feature, sums_4);
  store_row(row + 5u, feature, sums_5);
  store_row(row + 6u, feature, sums_6);
  store_row(row + 7u, feature, sums_7);
}
