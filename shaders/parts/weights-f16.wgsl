// weights-f16: a kernel reads its weights in f16, two to a word, half the bytes of f32. No device feature is needed.
@group(0) @binding(2) var<storage, read> w: array<vec2<u32>, w_values / VEC>; // four neighbours of a row each

fn weight(i: u32) -> Vec {
  let packed = w[i];
  return vec4(unpack2x16float(packed.x), unpack2x16float(packed.y));
}
