/**
 * PyTorch's Linear: y = x · W^T + bias.
 * W is stored one output after the other, so both operands of each dot product lie contiguous in memory.
 *
 * @param x [num_rows, in_dim]
 * @param W [out_dim, in_dim]
 * @param bias [out_dim]
 * @returns [num_rows, out_dim]
 */
export function matmul(
  x: ArrayLike<number>,
  W: ArrayLike<number>,
  dims: { num_rows: number; in_dim: number; out_dim: number },
  bias?: ArrayLike<number>,
): Float64Array {
  const { num_rows, in_dim, out_dim } = dims;
  const y = new Float64Array(num_rows * out_dim);
  for (let row = 0; row < num_rows; row++) {
    for (let out = 0; out < out_dim; out++) {
      let sum = bias ? bias[out] : 0;
      for (let k = 0; k < in_dim; k++) sum += x[row * in_dim + k] * W[out * in_dim + k];
      y[row * out_dim + out] = sum;
    }
  }
  return y;
}
