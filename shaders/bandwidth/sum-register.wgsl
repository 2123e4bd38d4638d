// sum-register: y[thread] = sum of four rows of x
//   x  [count] vec4, as rows of `vecs`
//   y  [threads]
// One thread adds up four rows side by side, each from its first value to its last. Made for software adapters, because a
// processor's cache is fastest so.
override vecs: u32 = 192; // vec4s in a row

const threads = 64u;
const ROWS = 4u; // of a thread

struct Dims {
  count: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(threads)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let thread = (group.y * groups.x + group.x) * threads + lane;
  let first = thread * ROWS * vecs;
  var sum = vec4<f32>();
  if (first + ROWS * vecs <= dims.count) {
    for (var at = first; at < first + vecs; at++) {
      sum += (x[at] + x[at + vecs]) + (x[at + 2u * vecs] + x[at + 3u * vecs]);
    }
  } else {
    for (var at = first; at < dims.count; at++) { // the tail of x
      sum += x[at];
    }
  }
  y[thread] = dot(sum, vec4(1.0));
}
