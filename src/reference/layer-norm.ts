/**
 * LayerNorm of each row: scale * (x - mean) / sqrt(var + 1e-5) + shift, with the biased variance (divided by emb_dim).
 *
 * @param x [num_tokens, emb_dim]
 * @param scale [emb_dim]
 * @param shift [emb_dim]
 * @returns [num_tokens, emb_dim]
 */
export function layerNorm(
  x: ArrayLike<number>,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
): Float64Array {
  const emb_dim = scale.length;
  const y = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += emb_dim) {
    let mean = 0;
    for (let i = 0; i < emb_dim; i++) mean += x[start + i] / emb_dim;
    let variance = 0;
    for (let i = 0; i < emb_dim; i++) variance += (x[start + i] - mean) ** 2 / emb_dim;
    for (let i = 0; i < emb_dim; i++) {
      y[start + i] = (scale[i] * (x[start + i] - mean)) / Math.sqrt(variance + 1e-5) + shift[i];
    }
  }
  return y;
}
