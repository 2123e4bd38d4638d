// pack-int8: w = round(values / scale * 127) with scale the largest magnitude of each 32 neighbours
//   values  [num_blocks, 32]    f32
//   w       [.., 9]             u32, written from block first on; read by parts/weights-int8.wgsl
// One thread 32 values.
// Reference: src/reference/pack.ts
struct Dims {
  num_blocks: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> w: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let block = thread.y * groups.x * 64u + thread.x;
  if (block >= dims.num_blocks) {
    return;
  }
  var magnitudes = vec4(0.0);
  for (var i = 0u; i < 8u; i++) {
    magnitudes = max(magnitudes, abs(values[block * 8u + i]));
  }
  let scale = max(max(magnitudes.x, magnitudes.y), max(magnitudes.z, magnitudes.w));
  let divisor = select(1.0, scale, scale > 0.0); // 32 zeros stay zeros
  let at = (dims.first + block) * 9u;
  for (var i = 0u; i < 8u; i++) {
    w[at + i] = pack4x8snorm(values[block * 8u + i] / divisor);
  }
  w[at + 8u] = bitcast<u32>(scale);
}
