// A thread computes four neighbouring features: here it gets their weights, with their scales, and stores their sums.
const FEATURES = 4u; // of a thread

fn four_unscaled(at: vec4<u32>) -> Vec4x {
  return Vec4x(unscaled(at.x), unscaled(at.y), unscaled(at.z), unscaled(at.w));
}

fn four_scales(block: vec4<u32>) -> vec4<f32> {
  return vec4(scale_of(block.x), scale_of(block.y), scale_of(block.z), scale_of(block.w));
}

// The sums of one row, without the features and rows that are past the end.
fn store_row(row: u32, feature: u32, sums: vec4<f32>) {
  for (var f = 0u; f < FEATURES; f++) {
    if (row < dims.num_rows && feature + f < out_dim) {
      store(row, feature + f, sums[f]);
    }
  }
}
