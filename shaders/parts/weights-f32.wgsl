// weights in f32
@group(0) @binding(2) var<storage, read> w: array<Chunk, w_values / CHUNK>;

fn weight(i: u32) -> Chunk {
  return w[i];
}
