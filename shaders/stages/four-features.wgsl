// Where four neighbouring features of one row go.
fn store_row(row: u32, feature: u32, sums: vec4<f32>) {
  for (var f = 0u; f < 4u; f++) {
    if (row < dims.num_rows && feature + f < out_dim) {
      store(row, feature + f, sums[f]);
    }
  }
}
