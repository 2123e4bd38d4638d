// weights-f32: a kernel reads its weights as they are.
@group(0) @binding(2) var<storage, read> w: array<Vec, w_values / VEC>;

fn weight(i: u32) -> Vec {
  return w[i];
}
