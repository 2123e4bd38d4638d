// dropout: y[i] = shortcut[i] + dropout_mask[i] * x[i] / keep_prob
//   x, shortcut, y  [size]
//   dropout_mask    1 where the generator's state for element i is below keep_threshold, else 0
// One thread computes one element. Training only; the shortcut is the residual connection around the dropout. Made for
// every adapter.
// Notebook: nn.Dropout · Reference: src/reference/dropout.ts
override has_shortcut: bool = false;

const threads = 64u;

struct Dims {
  size: u32,
  dropout_seed: u32,
  keep_threshold: u32,
  keep_prob_bits: u32, // the bits of keep_prob, an f32
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> shortcut: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(threads)
fn main(@builtin(global_invocation_id) thread: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let i = thread.y * groups.x * threads + thread.x;
  if (i >= dims.size) {
    return;
  }
  let dropout_mask = mcg31_state(dims.dropout_seed, i) < dims.keep_threshold;
  var value = select(0.0, x[i] / bitcast<f32>(dims.keep_prob_bits), dropout_mask);
  if (has_shortcut) {
    value += shortcut[i];
  }
  y[i] = value;
}
