// logit-moments: of each row of logits: min, max, sum = the sum of exp(x - max), and the sum of (x - max) * exp(x - max)
//   logits   [num_rows, vocab_size], finite
//   moments  [num_rows, 4]            read by logit-summary.ts; a GPU has as many for each block of a row
//   summary                           is not touched
// A share of it is rows from .. to.
// Notebook: torch.softmax · Reference: src/reference/logit-summary.ts · Shader: shaders/sampling/logit-moments.wgsl
import { exp, exp4 } from "../parts/exp";
import { largestOfRow, smallestOfRow, sumOfExp } from "../parts/rows";
import { inVecs, madd, sumOf } from "../parts/vec";

export function logitMoments(
  logits: usize,
  moments: usize,
  summary: usize,
  num_rows: u32,
  vocab_size: u32,
  from: u32,
  to: u32,
): void {
  for (let row = from; row < to; row++) {
    const x: usize = logits + <usize>4 * vocab_size * row;
    const at: usize = moments + 16 * row;
    const largest = largestOfRow(x, vocab_size);
    store<f32>(at, smallestOfRow(x, vocab_size));
    store<f32>(at, largest, 4);
    store<f32>(at, sumOfExp(x, largest, vocab_size), 8);
    store<f32>(at, weightedSum(x, largest, vocab_size), 12);
  }
}

/** The sum of (x - largest) * exp(x - largest). */
function weightedSum(x: usize, largest: f32, length: u32): f32 {
  const vecs = inVecs(length);
  let sums = f32x4.splat(0);
  for (let i: u32 = 0; i < vecs; i += 4) {
    const below = f32x4.sub(v128.load(x + 4 * i), f32x4.splat(largest));
    sums = madd(below, exp4(below), sums);
  }
  let sum = sumOf(sums);
  for (let i = vecs; i < length; i++) {
    const below = load<f32>(x + 4 * i) - largest;
    sum += below * exp(below);
  }
  return sum;
}
