// sum-by-thread: y[thread] = sum of four rows of x
//   x  [count] vec4, as rows of `chunks`
//   y  [threads]
// Each thread reads four rows side by side, each from its first value to its last: what a processor's cache, and so a
// software adapter, is made for.
override chunks: u32 = 192; // vec4s in a row

struct Dims {
  count: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let thread = (group.y * 65535u + group.x) * 64u + lane;
  let first = thread * 4u * chunks;
  var sum = vec4<f32>();
  if (first + 4u * chunks <= dims.count) {
    for (var at = first; at < first + chunks; at++) {
      sum += (x[at] + x[at + chunks]) + (x[at + 2u * chunks] + x[at + 3u * chunks]);
    }
  } else {
    for (var at = first; at < dims.count; at++) { // the tail of x
      sum += x[at];
    }
  }
  y[thread] = dot(sum, vec4(1.0));
}
