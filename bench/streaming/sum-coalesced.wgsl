// sum-coalesced: y[group, lane] = sum of every lane-th value of the group's block of x
//   x  [count] vec4
//   y  [groups, 64]
// Neighbouring threads read neighbouring values: what a GPU's memory is made for.
override chunks: u32 = 16; // vec4s that a thread reads

const threads = 64u;

struct Dims {
  count: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let block = group.y * 65535u + group.x;
  var sum = vec4<f32>();
  for (var i = 0u; i < chunks; i++) {
    let at = (block * chunks + i) * threads + lane;
    if (at < dims.count) {
      sum += x[at];
    }
  }
  y[block * threads + lane] = dot(sum, vec4(1.0));
}
