// sum-coalesced: y[thread] = sum of what the thread reads of x
//   x  [count] vec4
//   y  [threads]
// One workgroup adds up one block of x. Neighbouring threads read neighbouring values, and each thread has four reads under
// way at once. Made for graphics cards, whose memory is fastest so.
override vecs: u32 = 16; // vec4s that a thread reads, a multiple of four

const threads = 64u;

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
  let block = group.y * groups.x + group.x;
  let first = block * vecs * threads + lane;
  let end = min((block + 1u) * vecs * threads, dims.count);
  var sum = vec4<f32>();
  var at = first;
  for (; at + 3u * threads < end; at += 4u * threads) {
    sum += (x[at] + x[at + threads]) + (x[at + 2u * threads] + x[at + 3u * threads]);
  }
  for (; at < end; at += threads) { // the tail of x
    sum += x[at];
  }
  y[block * threads + lane] = dot(sum, vec4(1.0));
}
