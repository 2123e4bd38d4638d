// Along a row of int8 weights block by block: the scale is read once, for the sum of eight vecs.
const BLOCK = 8u; // vecs that share a scale

fn block_at(first: vec4<u32>) -> vec4<u32> {
  return first / BLOCK * 9u;
}

fn unscaled(at: u32) -> Vec {
  return unpack4x8snorm(w[at]);
}

fn scale_of(block: u32) -> f32 {
  return bitcast<f32>(w[block + BLOCK]);
}
