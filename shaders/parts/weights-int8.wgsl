// weights-int8: a kernel reads its weights from int8 blocks, 9/32 of the bytes of f32. No device feature is needed.
@group(0) @binding(2) var<storage, read> w: array<u32, w_values / VEC / BLOCK_VECS * BLOCK_WORDS>;

fn weight(i: u32) -> Vec {
  let block = i / BLOCK_VECS * BLOCK_WORDS;
  return unpack4x8snorm(w[block + i % BLOCK_VECS]) * bitcast<f32>(w[block + BLOCK_VECS]);
}
