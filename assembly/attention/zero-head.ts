// zero-head: context_vec[row, i] = 0 for i of one head, head * head_dim .. (head + 1) * head_dim; a share of it is rows from .. to
//   context_vec  [num_rows, emb_dim]    emb_dim = n_heads * head_dim; the other heads' elements stay as they are
// Notebook: MultiHeadAttention, context_vec · Reference: src/reference/zero-head.ts · Shader: shaders/attention/zero-head.wgsl

export function zeroHead(
  context_vec: usize,
  num_rows: u32,
  n_heads: u32,
  head_dim: u32,
  head: u32,
  from: u32,
  to: u32,
): void {
  for (let row = from; row < to; row++) {
    memory.fill(context_vec + 4 * (row * n_heads + head) * head_dim, 0, 4 * head_dim);
  }
}
