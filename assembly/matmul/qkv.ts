// qkv: q, k, v = x · W_qkvᵀ + bias; W_qkv is W_query, W_key and W_value, one after the other. A share is features from .. to of w
//   x          [batch * num_tokens, in_dim]    in_dim = emb_dim
//   w          [out_dim, in_dim]               W_qkv, or the part of it that gives columns first_out .. of the product
//   bias       [3 * emb_dim]
//   cache_len  [1]                             tokens already in the cache
//   q          [batch * num_tokens, emb_dim]
//   k, v       [batch, capacity, emb_dim]      the KV cache; token t is appended at position cache_len + t
// Notebook: W_query, W_key, W_value · Reference: src/reference/matmul.ts · Shader: shaders/parts/epilogue-qkv.wgsl
import { epilogue } from "../parts/epilogue";
import { product, rowAt } from "./product";

export function qkv(
  x: usize,
  w: usize,
  bias: usize,
  cache_len: usize,
  q: usize,
  k: usize,
  v: usize,
  num_rows: u32,
  in_dim: u32,
  out_dim: u32,
  first_out: u32,
  num_tokens: u32,
  capacity: u32,
  has_bias: bool,
  format: u32,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const rowBytes: usize = 4 * in_dim;
  const appended = rowBytes * load<u32>(cache_len);
  for (let matrix: u32 = 0; matrix < 3; matrix++) {
    const first = matrix * in_dim; // the columns of this one: first .. first + in_dim
    const begin = max(first, first_out + from);
    const end = min(first + in_dim, first_out + to);
    if (begin >= end) continue;
    const isQuery = matrix === 0;
    const y = isQuery ? q : (matrix === 1 ? k : v) + appended;
    const batchBytes = rowBytes * (isQuery ? num_tokens : capacity);
    // Where feature 0 of w would be: the product and the bias count in columns of all three.
    const columns = y - 4 * first;
    product(
      x,
      w,
      columns + 4 * first_out,
      num_rows,
      in_dim,
      begin - first_out,
      end - first_out,
      num_tokens,
      rowBytes,
      batchBytes,
      format,
      scratch,
    );
    if (!has_bias) continue;
    for (let row: u32 = 0; row < num_rows; row++) {
      const at = rowAt(columns, row, num_tokens, rowBytes, batchBytes);
      epilogue(at, bias, at, begin, end, true, false, false);
    }
  }
}
