// Four neighbouring features of one row: their products with a chunk, and where they go.
fn products(w_0: Chunk, w_1: Chunk, w_2: Chunk, w_3: Chunk, x_i: Chunk) -> vec4<f32> {
  return vec4(chunk_dot(w_0, x_i), chunk_dot(w_1, x_i), chunk_dot(w_2, x_i), chunk_dot(w_3, x_i));
}

fn store_row(row: u32, feature: u32, sums: vec4<f32>) {
  for (var f = 0u; f < 4u; f++) {
    if (row < dims.num_rows && feature + f < dims.out_dim) {
      store(row, feature + f, sums[f]);
    }
  }
}
