/** GELU in its tanh form, element by element: 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). Any shape. */
export function gelu(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(
    x,
    (v) => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3))),
  );
}
