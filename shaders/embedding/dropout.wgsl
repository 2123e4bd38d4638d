// dropout: y[i] = shortcut[i] + (x[i] / keep where the generator keeps element i, else 0)
//   x, shortcut, y  [size]
// One thread an element. Training only; the shortcut is the residual connection around what is dropped out.
// Notebook: nn.Dropout · Reference: src/reference/dropout.ts
override has_shortcut: bool = false;

struct Dims {
  size: u32,
  dropout_seed: u32,
  keep_threshold: u32, // an element is kept where its generator state is below this,
  keep_prob_bits: u32,  // and divided by this share (the bits of an f32)
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> shortcut: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) thread: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = thread.y * groups.x * 64u + thread.x;
  if (i >= dims.size) {
    return;
  }
  let keep = mcg31_state(dims.dropout_seed, i) < dims.keep_threshold;
  var value = select(0.0, x[i] / bitcast<f32>(dims.keep_prob_bits), keep);
  if (has_shortcut) {
    value += shortcut[i];
  }
  y[i] = value;
}
