// embedding: x[b, t] = tok_emb[idx[b, t]] + pos_emb[cache_len + t]; a share of it is rows from .. to
//   idx        [num_rows]                token ids, num_rows = batch * num_tokens
//   w          [num_ids, emb_dim]        tok_emb, or the part of it that starts at first_id; tokens of other parts are skipped
//   pos_emb    [context_length, emb_dim]
//   cache_len  [1]                       position of the first token
//   x          [num_rows, emb_dim]
// Notebook: tok_emb, pos_emb · Reference: src/reference/embedding.ts · Shader: shaders/embedding/embedding.wgsl
import { inVecs } from "../parts/vec";
import { bytesOfRow, unpack } from "../parts/weights";

export function embedding(
  idx: usize,
  w: usize,
  pos_emb: usize,
  cache_len: usize,
  x: usize,
  num_rows: u32,
  num_tokens: u32,
  emb_dim: u32,
  first_id: u32,
  num_ids: u32,
  format: u32,
  from: u32,
  to: u32,
): void {
  const rowBytes: usize = 4 * emb_dim;
  const packedBytes = bytesOfRow(format, emb_dim);
  const vecs = inVecs(emb_dim);
  for (let row = from; row < to; row++) {
    const id = load<u32>(idx + 4 * row) - first_id;
    if (id >= num_ids) continue; // an id below first_id has wrapped around

    const position = pos_emb + rowBytes * (load<u32>(cache_len) + (row % num_tokens));
    const sum = x + rowBytes * row;
    unpack(format, w + packedBytes * id, sum, emb_dim);
    for (let i: u32 = 0; i < vecs; i += 4) {
      v128.store(sum + 4 * i, f32x4.add(v128.load(sum + 4 * i), v128.load(position + 4 * i)));
    }
    for (let i = vecs; i < emb_dim; i++) {
      store<f32>(sum + 4 * i, load<f32>(sum + 4 * i) + load<f32>(position + 4 * i));
    }
  }
}
