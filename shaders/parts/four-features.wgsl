// Four neighbouring features of a thread: their weights, with their scales,
fn four_unscaled(at: vec4<u32>) -> Vec4x {
  return Vec4x(unscaled(at.x), unscaled(at.y), unscaled(at.z), unscaled(at.w));
}

fn four_scales(block: vec4<u32>) -> vec4<f32> {
  return vec4(scale_of(block.x), scale_of(block.y), scale_of(block.z), scale_of(block.w));
}

// and where their sums go, for one row.
fn store_row(row: u32, feature: u32, sums: vec4<f32>) {
  for (var f = 0u; f < 4u; f++) {
    if (row < dims.num_rows && feature + f < out_dim) {
      store(row, feature + f, sums[f]);
    }
  }
}
