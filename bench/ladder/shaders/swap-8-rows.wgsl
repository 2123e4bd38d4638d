// swap-8-rows: four threads load a row each and swap them, instead of a broadcast
//   x  [num_rows, in_dim]
//   w  [out_dim, in_dim]
//   y  [num_rows, out_dim]
// One thread computes four features of 8 rows.
struct Dims {
  num_rows: u32,
  in_dim: u32,
  out_dim: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> w: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

fn store_row(row: u32, feature: u32, sums: vec4<f32>) {
  for (var f = 0u; f < 4u; f++) {
    if (row < dims.num_rows && feature + f < dims.out_dim) {
      y[row * dims.out_dim + feature + f] = sums[f];
    }
  }
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
  @builtin(subgroup_invocation_id) invocation: u32,
) {
  let vecs = dims.in_dim / 4u;
  let lane = invocation % 4u;
  let feature = (group.x * 64u + thread) * 4u;
  let row = group.y * 8u;
  let w_at = min(vec4(feature) + vec4(0u, 1u, 2u, 3u), vec4(dims.out_dim - 1u)) * vecs;
  let x_at = min(vec4(row, row + 4u, row + 8u, row + 12u) + lane, vec4(dims.num_rows - 1u)) * vecs;
  var sums_0 = vec4(0.0);
  var sums_1 = vec4(0.0);
  var sums_2 = vec4(0.0);
  var sums_3 = vec4(0.0);
  var sums_4 = vec4(0.0);
  var sums_5 = vec4(0.0);
  var sums_6 = vec4(0.0);
  var sums_7 = vec4(0.0);

  for (var i = 0u; i < vecs; i++) {
    let four = mat4x4(w[w_at.x + i], w[w_at.y + i], w[w_at.z + i], w[w_at.w + i]);
    let x_0 = x[x_at.x + i];
    sums_0 += x_0 * four;
    sums_1 += quadSwapX(x_0) * four;
    sums_2 += quadSwapY(x_0) * four;
    sums_3 += quadSwapDiagonal(x_0) * four;
    let x_4 = x[x_at.y + i];
    sums_4 += x_4 * four;
    sums_5 += quadSwapX(x_4) * four;
    sums_6 += quadSwapY(x_4) * four;
    sums_7 += quadSwapDiagonal(x_4) * four;
  }

  store_row(row + 0u + (lane ^ 0u), feature, sums_0);
  store_row(row + 0u + (lane ^ 1u), feature, sums_1);
  store_row(row + 0u + (lane ^ 2u), feature, sums_2);
  store_row(row + 0u + (lane ^ 3u), feature, sums_3);
  store_row(row + 4u + (lane ^ 0u), feature, sums_4);
  store_row(row + 4u + (lane ^ 1u), feature, sums_5);
  store_row(row + 4u + (lane ^ 2u), feature, sums_6);
  store_row(row + 4u + (lane ^ 3u), feature, sums_7);
}
