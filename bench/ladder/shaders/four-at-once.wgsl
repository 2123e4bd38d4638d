// four-at-once: the naive product, reading four neighbours of a row with one load
//   x  [num_rows, in_dim]
//   w  [out_dim, in_dim]
//   y  [num_rows, out_dim]
// One thread computes one output.
struct Dims {
  num_rows: u32,
  in_dim: u32,
  out_dim: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> w: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  let feature = thread.x;
  let row = thread.y;
  if (feature >= dims.out_dim) {
    return;
  }
  let vecs = dims.in_dim / 4u;
  var sum = 0.0;
  for (var i = 0u; i < vecs; i++) {
    sum += dot(x[row * vecs + i], w[feature * vecs + i]);
  }
  y[row * dims.out_dim + feature] = sum;
}
