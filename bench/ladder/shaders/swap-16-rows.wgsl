// swap-16-rows: the same as swap-12-rows, with more rows a thread
//   x  [num_rows, in_dim]
//   w  [out_dim, in_dim]
//   y  [num_rows, out_dim]
// One thread computes four features of 16 rows.
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
  let row = group.y * 16u;
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
  var sums_8 = vec4(0.0);
  var sums_9 = vec4(0.0);
  var sums_10 = vec4(0.0);
  var sums_11 = vec4(0.0);
  var sums_12 = vec4(0.0);
  var sums_13 = vec4(0.0);
  var sums_14 = vec4(0.0);
  var sums_15 = vec4(0.0);

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
    let x_8 = x[x_at.z + i];
    sums_8 += x_8 * four;
    sums_9 += quadSwapX(x_8) * four;
    sums_10 += quadSwapY(x_8) * four;
    sums_11 += quadSwapDiagonal(x_8) * four;
    let x_12 = x[x_at.w + i];
    sums_12 += x_12 * four;
    sums_13 += quadSwapX(x_12) * four;
    sums_14 += quadSwapY(x_12) * four;
    sums_15 += quadSwapDiagonal(x_12) * four;
  }

  store_row(row + 0u + (lane ^ 0u), feature, sums_0);
  store_row(row + 0u + (lane ^ 1u), feature, sums_1);
  store_row(row + 0u + (lane ^ 2u), feature, sums_2);
  store_row(row + 0u + (lane ^ 3u), feature, sums_3);
  store_row(row + 4u + (lane ^ 0u), feature, sums_4);
  store_row(row + 4u + (lane ^ 1u), feature, sums_5);
  store_row(row + 4u + (lane ^ 2u), feature, sums_6);
  store_row(row + 4u + (lane ^ 3u), feature, sums_7);
  store_row(row + 8u + (lane ^ 0u), feature, sums_8);
  store_row(row + 8u + (lane ^ 1u), feature, sums_9);
  store_row(row + 8u + (lane ^ 2u), feature, sums_10);
  store_row(row + 8u + (lane ^ 3u), feature, sums_11);
  store_row(row + 12u + (lane ^ 0u), feature, sums_12);
  store_row(row + 12u + (lane ^ 1u), feature, sums_13);
  store_row(row + 12u + (lane ^ 2u), feature, sums_14);
  store_row(row + 12u + (lane ^ 3u), feature, sums_15);
}
