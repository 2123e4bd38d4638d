/**
 * The place of each row's largest value, the first one where several are equal.
 *
 * @param x [num_rows, row_length]
 * @returns [num_rows]
 */
export function argmax(x: ArrayLike<number>, row_length: number): number[] {
  return Array.from({ length: x.length / row_length }, (_, row) => {
    let best = 0;
    for (let i = 1; i < row_length; i++) {
      if (x[row * row_length + i] > x[row * row_length + best]) best = i;
    }
    return best;
  });
}
