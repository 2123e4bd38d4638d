// pack-int8: w = round(values / scale * 127), where scale is the largest magnitude of each 32 neighbours
//   values  [num_blocks, 32]    f32
//   w       [.., 9]             u32, written from block first on; read by parts/weights-int8.wgsl
// One thread packs one block, 32 values. Made for every adapter.
// Reference: src/reference/pack.ts
const threads = 64u;

struct Dims {
  num_blocks: u32,
  first: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> w: array<u32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let block = thread.y * groups.x * threads + thread.x;
  if (block >= dims.num_blocks) {
    return;
  }
  var magnitudes = vec4(0.0);
  for (var i = 0u; i < BLOCK_VECS; i++) {
    magnitudes = max(magnitudes, abs(values[block * BLOCK_VECS + i]));
  }
  let scale = max(max(magnitudes.x, magnitudes.y), max(magnitudes.z, magnitudes.w));
  let divisor = select(1.0, scale, scale > 0.0); // 32 zeros stay zeros
  let at = (dims.first + block) * BLOCK_WORDS;
  for (var i = 0u; i < BLOCK_VECS; i++) {
    w[at + i] = pack4x8snorm(values[block * BLOCK_VECS + i] / divisor);
  }
  w[at + BLOCK_VECS] = bitcast<u32>(scale);
}
