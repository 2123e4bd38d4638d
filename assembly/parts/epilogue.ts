// epilogue: y = gelu(y + bias) + shortcut, values from .. to of a row, where each step may be left out
//   bias, shortcut, y  as far as `to` values each
// Shader: shaders/parts/epilogue-linear.wgsl
import { gelu, gelu4 } from "./gelu";

export function epilogue(
  y: usize,
  bias: usize,
  shortcut: usize,
  from: u32,
  to: u32,
  has_bias: bool,
  has_gelu: bool,
  has_shortcut: bool,
): void {
  let i = from;
  for (; i + 4 <= to; i += 4) {
    let value = v128.load(y + 4 * i);
    if (has_bias) value = f32x4.add(value, v128.load(bias + 4 * i));
    if (has_gelu) value = gelu4(value);
    if (has_shortcut) value = f32x4.add(value, v128.load(shortcut + 4 * i));
    v128.store(y + 4 * i, value);
  }
  for (; i < to; i++) {
    let value = load<f32>(y + 4 * i);
    if (has_bias) value += load<f32>(bias + 4 * i);
    if (has_gelu) value = gelu(value);
    if (has_shortcut) value += load<f32>(shortcut + 4 * i);
    store<f32>(y + 4 * i, value);
  }
}
