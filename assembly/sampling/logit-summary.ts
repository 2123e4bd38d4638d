// logit-summary: what the logits of a row look like: their ends, ln of the sum of exp(x - max), the entropy of their softmax in bits,
// and how many lie in each of 48 equal parts of [min, max]
//   logits   [num_rows, vocab_size], finite
//   moments  [num_rows, 4]            of logit-moments.ts
//   summary  [num_rows, 52]           bits of min, max, ln_sum and entropy, then 48 counts
//   entropy = -sum of p log2(p), where p = exp(x - max) / sum, so that ln(p) = (x - max) - ln_sum
// A share of it is rows from .. to.
// Notebook: torch.softmax · Reference: src/reference/logit-summary.ts · Shader: shaders/sampling/logit-summary.wgsl
import { ln } from "../parts/exp";

const BINS: u32 = 48;
const NUMBERS: u32 = 4; // in front of the counts

export function logitSummary(
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
    const at: usize = summary + <usize>4 * (NUMBERS + BINS) * row;
    const smallest = load<f32>(moments + 16 * row);
    const largest = load<f32>(moments + 16 * row, 4);
    const sum = load<f32>(moments + 16 * row, 8);
    const ln_sum = ln(sum);
    store<f32>(at, smallest);
    store<f32>(at, largest, 4);
    store<f32>(at, ln_sum, 8);
    store<f32>(at, (ln_sum - load<f32>(moments + 16 * row, 12) / sum) / <f32>Math.LN2, 12);
    count(x, smallest, largest, vocab_size, at + 4 * NUMBERS);
  }
}

function count(x: usize, smallest: f32, largest: f32, length: u32, counts: usize): void {
  memory.fill(counts, 0, 4 * BINS);
  // All in the first part where all logits are the same.
  const per_unit: f32 = largest > smallest ? <f32>BINS / (largest - smallest) : 0;
  for (let i: u32 = 0; i < length; i++) {
    const bin = <u32>((load<f32>(x + 4 * i) - smallest) * per_unit);
    const at = counts + 4 * min(bin, BINS - 1);
    store<u32>(at, load<u32>(at) + 1);
  }
}
