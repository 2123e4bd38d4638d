// residual-norm: norms = sqrt(sum of x squared) for each token, and the last token's x as it is
//   x      [num_tokens, emb_dim]     the residual stream after `layer` blocks
//   norms  [n_layers + 1, shown]     of this layer; tokens first .. num_tokens
//   last   [n_layers + 1, emb_dim]   of this layer
// The next block overwrites the residual stream, so an inspected pass saves this much of it. A share of it is tokens from .. to of
// those shown.
// Reference: src/reference/residual-norm.ts · Shader: shaders/norm/residual-norm.wgsl
import { sumOfSquares } from "../parts/rows";

export function residualNorm(
  x: usize,
  norms: usize,
  last: usize,
  num_tokens: u32,
  emb_dim: u32,
  layer: u32,
  first: u32,
  from: u32,
  to: u32,
): void {
  const rowBytes: usize = 4 * emb_dim;
  for (let i = from; i < to; i++) {
    const row = x + rowBytes * (first + i);
    const norm = sqrt<f32>(sumOfSquares(row, 0, emb_dim));
    store<f32>(norms + 4 * (layer * (num_tokens - first) + i), norm);
    if (first + i + 1 === num_tokens) memory.copy(last + rowBytes * layer, row, rowBytes);
  }
}
