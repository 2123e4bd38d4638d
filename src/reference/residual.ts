/** The shortcut around a sub-layer: x + y, element by element. Any shape, the same for both. */
export function residual(x: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (value, i) => value + y[i]);
}
