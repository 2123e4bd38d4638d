// blocks-int8: a product walks along a row of int8 weights block by block, and reads each scale once, for the sum of a block.
const BLOCK = BLOCK_VECS;

fn block_at(first: vec4<u32>) -> vec4<u32> {
  return first / BLOCK_VECS * BLOCK_WORDS;
}

fn unscaled(at: u32) -> Vec {
  return unpack4x8snorm(w[at]);
}

fn scale_of(block: u32) -> f32 {
  return bitcast<f32>(w[block + BLOCK]);
}
