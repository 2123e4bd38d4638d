// naive: y = x · wᵀ as it is written down
//   x  [num_rows, in_dim]
//   w  [out_dim, in_dim]
//   y  [num_rows, out_dim]
// One thread computes one output, one value at a time. Neighbouring threads read rows of w that lie in_dim values apart.
struct Dims {
  num_rows: u32,
  in_dim: u32,
  out_dim: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> w: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  let feature = thread.x;
  let row = thread.y;
  if (feature >= dims.out_dim) {
    return;
  }
  var sum = 0.0;
  for (var i = 0u; i < dims.in_dim; i++) {
    sum += x[row * dims.in_dim + i] * w[feature * dims.in_dim + i];
  }
  y[row * dims.out_dim + feature] = sum;
}
