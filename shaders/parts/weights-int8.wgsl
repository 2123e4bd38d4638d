// weights in int8, four to a word, with a scale for every 32: a quarter of the bytes of f32 and an eighth of that
// Nine words hold 32 weights: eight of four each, then the bits of their scale, the largest magnitude among them.
@group(0) @binding(2) var<storage, read> w: array<u32, w_values / 32 * 9>;

fn weight(i: u32) -> Vec {
  let block = i / 8u * 9u;
  return unpack4x8snorm(w[block + i % 8u]) * bitcast<f32>(w[block + 8u]);
}
