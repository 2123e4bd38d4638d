// argmax: chosen = the id of the largest logit, the lowest id where several are equal, for each row; a share of it is rows
// from .. to
//   logits  [num_rows, vocab_size]
//   chosen  [num_rows]
// Notebook: torch.argmax · Reference: src/reference/argmax.ts · Shader: shaders/sampling/argmax.wgsl
import { largestOfRow } from "../parts/rows";
import { inVecs } from "../parts/vec";

export function argmax(
  logits: usize,
  chosen: usize,
  num_rows: u32,
  vocab_size: u32,
  from: u32,
  to: u32,
): void {
  for (let row = from; row < to; row++) {
    const x: usize = logits + <usize>4 * vocab_size * row;
    store<u32>(chosen + 4 * row, firstOf(x, largestOfRow(x, vocab_size), vocab_size));
  }
}

/** The first id whose logit is `value`; 0 where there is none, since no logit is a number. */
function firstOf(x: usize, value: f32, vocab_size: u32): u32 {
  const vecs = inVecs(vocab_size);
  for (let i: u32 = 0; i < vecs; i += 4) {
    const equal = i32x4.bitmask(f32x4.eq(v128.load(x + 4 * i), f32x4.splat(value)));
    if (equal) return i + ctz(equal);
  }
  for (let i = vecs; i < vocab_size; i++) {
    if (load<f32>(x + 4 * i) === value) return i;
  }
  return 0;
}
