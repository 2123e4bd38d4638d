/**
 * Takes a head away: its share of context_vec is zero, the other heads' stays.
 *
 * @param context_vec [rows, emb_dim], the heads side by side
 */
export function zeroHead(
  context_vec: ArrayLike<number>,
  n_heads: number,
  head: number,
  emb_dim: number,
): Float64Array {
  const head_dim = emb_dim / n_heads;
  return Float64Array.from(context_vec, (value, i) =>
    Math.floor((i % emb_dim) / head_dim) === head ? 0 : value,
  );
}
