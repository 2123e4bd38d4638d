/**
 * Token plus position embedding.
 * The row of a token is its id's row of `tok_emb` plus its position's row of `pos_emb`; positions count from
 * `first_position`, which is above zero when earlier tokens are already in a KV cache.
 *
 * @param ids [B, T], flat
 * @param tok_emb [vocab_size, emb_dim]
 * @param pos_emb [context_length, emb_dim]
 * @returns [B, T, emb_dim]
 */
export function embedding(
  ids: ArrayLike<number>,
  tok_emb: ArrayLike<number>,
  pos_emb: ArrayLike<number>,
  dims: { num_tokens: number; emb_dim: number; first_position: number },
): Float64Array {
  const { num_tokens, emb_dim, first_position } = dims;
  return Float64Array.from({ length: ids.length * emb_dim }, (_, i) => {
    const row = Math.floor(i / emb_dim);
    const column = i % emb_dim;
    const position = first_position + (row % num_tokens);
    return tok_emb[ids[row] * emb_dim + column] + pos_emb[position * emb_dim + column];
  });
}
