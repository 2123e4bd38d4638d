// matmul-tile: y = x · wᵀ, for many rows
//   x  by the prologue          [num_rows, in_dim]
//   w  [out_dim, in_dim]        as PyTorch's Linear stores it
//   y  by the epilogue
// One workgroup computes a tile of 64 rows by 64 features. It loads both tiles into workgroup memory, four vecs of in_dim
// at a time; each of its 16 x 16 threads loads one vec of either tile, and adds up 4 x 4 products in registers.
// Made for graphics cards, where workgroup memory is fast and barriers are cheap.
// Notebook: nn.Linear · Reference: src/reference/matmul.ts
const TILE = 64u;
const DEPTH = 4u; // vecs of in_dim in workgroup memory at a time
const STRIDE = TILE + 2u; // so that threads that load the same row or feature store into different banks of the memory

var<workgroup> x_tile: array<Vec, STRIDE * DEPTH>; // [DEPTH, STRIDE]: neighbours in a tile are neighbours in memory
var<workgroup> w_tile: array<Vec, STRIDE * DEPTH>;

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  const vecs = in_dim / VEC;
  let first_feature = group.x * TILE;
  let first_row = group.y * TILE;
  let loaded = lane / DEPTH; // which row and which feature of the tile this thread loads,
  let depth = lane % DEPTH; // and which of their vecs
  var sums: array<vec4<f32>, 4>; // [row, feature]

  for (var slab = 0u; slab < (vecs + DEPTH - 1u) / DEPTH; slab++) {
    let vec = slab * DEPTH + depth;
    var x_vec = Vec();
    var w_vec = Vec();
    if (vec < vecs && first_row + loaded < dims.num_rows) {
      x_vec = input(first_row + loaded, vec);
    }
    if (vec < vecs && first_feature + loaded < out_dim) {
      w_vec = weight((first_feature + loaded) * vecs + vec);
    }
    x_tile[depth * STRIDE + loaded] = x_vec;
    w_tile[depth * STRIDE + loaded] = w_vec;
    workgroupBarrier(); // the tiles are loaded

    for (var d = 0u; d < DEPTH; d++) {
      let w_0 = w_tile[d * STRIDE + local.x];
      let w_1 = w_tile[d * STRIDE + local.x + 16u];
      let w_2 = w_tile[d * STRIDE + local.x + 32u];
      let w_3 = w_tile[d * STRIDE + local.x + 48u];
      for (var r = 0u; r < 4u; r++) {
        let x_r = x_tile[d * STRIDE + local.y + 16u * r];
        sums[r] += vec4(dot_vec(x_r, w_0), dot_vec(x_r, w_1), dot_vec(x_r, w_2), dot_vec(x_r, w_3));
      }
    }
    workgroupBarrier(); // the tiles are read: the next may be loaded
  }

  for (var r = 0u; r < 4u; r++) {
    let row = first_row + local.y + 16u * r;
    for (var f = 0u; f < 4u; f++) {
      let feature = first_feature + local.x + 16u * f;
      if (row < dims.num_rows && feature < out_dim) {
        store(row, feature, sums[r][f]);
      }
    }
  }
}
