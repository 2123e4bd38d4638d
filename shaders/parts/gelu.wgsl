// gelu: 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))
// The tanh form, as the notebook has it. tanh may be NaN far out (|x| >= 89 on some adapters), and 15 is
// already where it rounds to one: so the argument is clamped.
// Notebook: GELU · Reference: src/reference/gelu.ts
fn gelu(x: f32) -> f32 {
  let inner = 0.7978845608028654 * (x + 0.044715 * x * x * x);
  return 0.5 * x * (1.0 + tanh(clamp(inner, -15.0, 15.0)));
}
