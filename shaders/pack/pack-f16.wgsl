// pack-f16: w = values rounded to f16, two to a word
//   values  [num_vecs, 4]     f32
//   w       [.., 2]           u32, written from vec first on; read by parts/weights-f16.wgsl
// One thread packs four values. A value that is too large for f16 becomes the largest f16. Made for every adapter.
// Reference: src/reference/pack.ts
const threads = 64u;
const largest = vec4(65504.0);

struct Dims {
  num_vecs: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> w: array<vec2<u32>>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = thread.y * groups.x * threads + thread.x;
  if (i >= dims.num_vecs) {
    return;
  }
  let vec = clamp(values[i], -largest, largest);
  w[dims.first + i] = vec2(pack2x16float(vec.xy), pack2x16float(vec.zw));
}
