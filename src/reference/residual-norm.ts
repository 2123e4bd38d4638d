/**
 * How long each token's vector is: the square root of the sum of its squares.
 *
 * @param x [num_tokens, emb_dim]
 * @returns [num_tokens]
 */
export function residualNorm(x: ArrayLike<number>, num_tokens: number): Float64Array {
  const emb_dim = x.length / num_tokens;
  return Float64Array.from({ length: num_tokens }, (_, t) => {
    let squares = 0;
    for (let i = 0; i < emb_dim; i++) squares += x[t * emb_dim + i] ** 2;
    return Math.sqrt(squares);
  });
}
