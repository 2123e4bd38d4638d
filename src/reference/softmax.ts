/**
 * Softmax of each row. The row's largest value is subtracted first: the result is the same, and exp cannot overflow.
 *
 * @param x [num_rows, row_length]
 * @returns [num_rows, row_length], each row summing to 1
 */
export function softmax(x: ArrayLike<number>, row_length: number): Float64Array {
  const y = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += row_length) {
    let largest = -Infinity;
    for (let i = start; i < start + row_length; i++) largest = Math.max(largest, x[i]);
    let sum = 0;
    for (let i = start; i < start + row_length; i++) {
      y[i] = Math.exp(x[i] - largest);
      sum += y[i];
    }
    for (let i = start; i < start + row_length; i++) y[i] /= sum;
  }
  return y;
}
