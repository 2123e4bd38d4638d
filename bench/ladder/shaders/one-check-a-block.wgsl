// one-check-a-block: four features a thread, weights in blocks of 64 values
//   x  [num_rows, in_dim]
//   w  [out_dim, in_dim]
//   y  [num_rows, out_dim]
// The browser checks every index into a buffer of unknown length. Here a block's index is checked once; what is inside
// a block is an index into an array whose length is known, and a loop over it needs no check.
struct Dims {
  num_rows: u32,
  in_dim: u32,
  out_dim: u32,
}

const BLOCK = 16u; // vec4s

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<array<vec4<f32>, BLOCK>>;
@group(0) @binding(2) var<storage, read> w: array<array<vec4<f32>, BLOCK>>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  let feature = thread.x * 4u;
  let row = thread.y;
  if (feature >= dims.out_dim) {
    return;
  }
  let blocks = dims.in_dim / (4u * BLOCK);
  let w_at = min(vec4(feature) + vec4(0u, 1u, 2u, 3u), vec4(dims.out_dim - 1u)) * blocks;
  var sums = vec4(0.0);
  for (var b = 0u; b < blocks; b++) {
    let w_0 = &w[w_at.x + b];
    let w_1 = &w[w_at.y + b];
    let w_2 = &w[w_at.z + b];
    let w_3 = &w[w_at.w + b];
    let x_b = &x[row * blocks + b];
    for (var i = 0u; i < BLOCK; i++) {
      sums += (*x_b)[i] * mat4x4((*w_0)[i], (*w_1)[i], (*w_2)[i], (*w_3)[i]);
    }
  }
  for (var f = 0u; f < 4u; f++) {
    if (feature + f < dims.out_dim) {
      y[row * dims.out_dim + feature + f] = sums[f];
    }
  }
}
