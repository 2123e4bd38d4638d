// gelu: gelu(value) = 0.5 * value * (1 + tanh(sqrt(2 / pi) * (value + 0.044715 * value^3)))
// This is the notebook's approximation by tanh. Some adapters return NaN for the tanh of arguments beyond 89, and from 15 on
// it rounds to one: so the argument is clamped.
// Notebook: GELU · Reference: src/reference/gelu.ts
fn gelu(value: f32) -> f32 {
  let inner = 0.7978845608028654 * (value + 0.044715 * value * value * value);
  return 0.5 * value * (1.0 + tanh(clamp(inner, -15.0, 15.0)));
}
