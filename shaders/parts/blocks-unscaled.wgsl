// blocks-unscaled: a product walks along a row of weights without scales as if the whole row were one block of scale 1.
const BLOCK = in_dim / VEC;

fn block_at(first: vec4<u32>) -> vec4<u32> {
  return first;
}

fn unscaled(at: u32) -> Vec {
  return weight(at);
}

fn scale_of(block: u32) -> f32 {
  return 1.0;
}
