// Along a row of weights that have no scale: the whole row is one block, and stands for itself.
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
