// gelu: gelu(x) = 0.5 * x * (1 + tanh(z)),   z = sqrt(2 / pi) * (x + 0.044715 * x^3)
// 0.5 * (1 + tanh(z)) is 1 / (1 + e^-2z): one exponential, and no difference of two numbers that are nearly equal.
// Notebook: GELU · Reference: src/reference/gelu.ts · Shader: shaders/parts/gelu.wgsl
import { exp4 } from "./exp";
import { madd } from "./vec";

const MINUS_2_ROOT: f32 = -1.5957691216057308; // -2 sqrt(2 / pi)

export function gelu4(x: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(x, x), x);
  const minus2z = f32x4.mul(f32x4.splat(MINUS_2_ROOT), madd(f32x4.splat(0.044715), cube, x));
  return f32x4.div(x, f32x4.add(f32x4.splat(1), exp4(minus2z)));
}

export function gelu(x: f32): f32 {
  return f32x4.extract_lane(gelu4(f32x4.splat(x)), 0);
}
