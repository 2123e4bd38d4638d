// linear: y = gelu(x · wᵀ + bias) + shortcut, where each step may be left out; a share of it is features from .. to of w
//   x            [num_rows, in_dim]
//   w            [out_dim, in_dim]     a weight tensor, or the part of it that gives columns first_out .. of y
//   bias         [y_dim]
//   shortcut, y  [num_rows, y_dim]
// Notebook: nn.Linear, GELU · Reference: src/reference/matmul.ts · Shaders: shaders/matmul/, shaders/parts/epilogue-linear.wgsl
import { epilogue } from "../parts/epilogue";
import { product } from "./product";

export function linear(
  x: usize,
  w: usize,
  bias: usize,
  shortcut: usize,
  y: usize,
  num_rows: u32,
  in_dim: u32,
  out_dim: u32,
  first_out: u32,
  y_dim: u32,
  has_bias: bool,
  has_gelu: bool,
  has_shortcut: bool,
  format: u32,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const rowBytes: usize = 4 * y_dim;
  product(x, w, y + 4 * first_out, num_rows, in_dim, from, to, num_rows, rowBytes, 0, format, scratch);
  if (!has_bias && !has_gelu && !has_shortcut) return;
  for (let row: u32 = 0; row < num_rows; row++) {
    epilogue(
      y + rowBytes * row,
      bias,
      shortcut + rowBytes * row,
      first_out + from,
      first_out + to,
      has_bias,
      has_gelu,
      has_shortcut,
    );
  }
}
