// sum-by-thread: y[thread] = sum of the thread's own block of x
//   x  [count] vec4
//   y  [threads]
// Each thread reads on from where it stands: what a processor's cache, and so a software adapter, is made for.
override chunks: u32 = 192; // vec4s that a thread reads

struct Dims {
  count: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let thread = (group.y * 65535u + group.x) * 64u + lane;
  var sum = vec4<f32>();
  let first = thread * chunks;
  let end = min(first + chunks, dims.count);
  for (var at = first; at < end; at++) {
    sum += x[at];
  }
  y[thread] = dot(sum, vec4(1.0));
}
