// four-rows: y = x · wᵀ, one thread computes four features, so that a vec of x is loaded once for all of them
//   x  [num_rows, in_dim]
//   w  [out_dim, in_dim]        both lengths a multiple of four
//   y  [num_rows, out_dim]
// The arrays may have any length, so every index is compared with an arrayLength, which the processor computes by a division.
// Reference: src/reference/matmul.ts
struct Dims {
  num_rows: u32,
  in_dim: u32,
  out_dim: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> w: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) thread: vec3<u32>) {
  let group = thread.x; // of four rows of w
  let row = thread.y;
  if (group >= dims.out_dim / 4u) {
    return;
  }
  let vecs = dims.in_dim / 4u;
  let w_at = (vec4(4u * group) + vec4(0u, 1u, 2u, 3u)) * vecs;
  var sums = vec4(0.0);
  for (var i = 0u; i < vecs; i++) {
    sums += x[row * vecs + i] * mat4x4(w[w_at.x + i], w[w_at.y + i], w[w_at.z + i], w[w_at.w + i]);
  }
  y[row * (dims.out_dim / 4u) + group] = sums;
}
