// dropout: y[i] = shortcut[i] + dropout_mask[i] * x[i] / keep_prob; the shortcut may be left out
//   x, shortcut, y  [size]
//   dropout_mask    1 where the generator's state for element i is below keep_threshold, else 0
// Training only. A share of it is elements from .. to.
// Notebook: nn.Dropout · Reference: src/reference/dropout.ts · Shader: shaders/embedding/dropout.wgsl
import { nextState, stateAt } from "../parts/mcg31";

export function dropout(
  x: usize,
  shortcut: usize,
  y: usize,
  size: u32,
  dropout_seed: u32,
  keep_threshold: u32,
  keep_prob_bits: u32,
  has_shortcut: bool,
  from: u32,
  to: u32,
): void {
  const keep_prob = reinterpret<f32>(keep_prob_bits);
  let state = stateAt(dropout_seed, from);
  for (let i = from; i < to; i++) {
    let value: f32 = state < keep_threshold ? load<f32>(x + 4 * i) / keep_prob : 0;
    if (has_shortcut) value += load<f32>(shortcut + 4 * i);
    store<f32>(y + 4 * i, value);
    state = nextState(state);
  }
}
