// product: y = x · wᵀ, features from .. to, before any epilogue
//   x  [num_rows, in_dim]
//   w  [out_dim, in_dim]  as PyTorch's Linear stores it, in any format
//   y  row r is at rowAt(r): in a matrix, or in the KV cache
//   scratch  [GROUP * in_dim] f32, of this worker alone: x as one row of int8 weights needs it, or a group's weights as f32
// Rows and features lie contiguous in memory, so every sum reads both of its operands from their first vec to their last.
// Notebook: nn.Linear · Reference: src/reference/matmul.ts · Shaders: shaders/matmul/

import { dot } from "../parts/dot";
import { dotF16 } from "../parts/f16";
import { dotInt8, split } from "../parts/int8";
import { bytesOfRow, F16, F32, INT8, unpack } from "../parts/weights";
import { blockOf1, blockOf2 } from "./blocks";

const ROWS: u32 = 4; // of a block
const FEW_ROWS: u32 = 8; // as far as here memory is what takes the time
const GROUP: u32 = 16; // features that stay in the cache while all blocks of rows read them

/** Rows of y lie `tokenBytes` apart, and `num_tokens` of them are a batch row; those lie `batchBytes` apart. */
export function rowAt(y: usize, row: u32, num_tokens: u32, tokenBytes: usize, batchBytes: usize): usize {
  return y + batchBytes * (row / num_tokens) + tokenBytes * (row % num_tokens);
}

export function product(
  x: usize,
  w: usize,
  y: usize,
  num_rows: u32,
  in_dim: u32,
  from: u32,
  to: u32,
  num_tokens: u32,
  tokenBytes: usize,
  batchBytes: usize,
  format: u32,
  scratch: usize,
): void {
  if (num_rows === 1) {
    productOfRow(x, w, y, in_dim, from, to, format, scratch);
    return;
  }
  const rowBytes: usize = 4 * in_dim; // of x, and of weights as f32
  const packedBytes = bytesOfRow(format, in_dim);
  const lastRow = num_rows - 1;
  for (let group = from; group < to; group += GROUP) {
    const groupEnd = min(group + GROUP, to);
    let weights = w + packedBytes * group;
    if (format !== F32) {
      unpack(format, weights, scratch, in_dim * (groupEnd - group));
      weights = scratch;
    }
    for (let row: u32 = 0; row < num_rows; row += ROWS) {
      // At the tail the last row and the last feature are computed more than once, with the same result.
      const row_1 = min(row + 1, lastRow);
      const row_2 = min(row + 2, lastRow);
      const row_3 = min(row + 3, lastRow);
      const x_0 = x + rowBytes * row;
      const x_1 = x + rowBytes * row_1;
      const x_2 = x + rowBytes * row_2;
      const x_3 = x + rowBytes * row_3;
      let w_a = weights;
      let y_0 = rowAt(y, row, num_tokens, tokenBytes, batchBytes) + 4 * group;
      let y_1 = rowAt(y, row_1, num_tokens, tokenBytes, batchBytes) + 4 * group;
      let y_2 = rowAt(y, row_2, num_tokens, tokenBytes, batchBytes) + 4 * group;
      let y_3 = rowAt(y, row_3, num_tokens, tokenBytes, batchBytes) + 4 * group;
      const features: u32 = num_rows <= FEW_ROWS ? 1 : 2;
      for (let feature = group; feature < groupEnd; feature += features) {
        if (features === 1) {
          blockOf1(x_0, x_1, x_2, x_3, w_a, in_dim, y_0, y_1, y_2, y_3);
        } else {
          const next: u32 = feature + 1 < groupEnd ? 1 : 0;
          blockOf2(x_0, x_1, x_2, x_3, w_a, w_a + rowBytes * next, in_dim, y_0, y_1, y_2, y_3, 4 * next);
        }
        w_a += rowBytes * features;
        y_0 += 4 * features;
        y_1 += 4 * features;
        y_2 += 4 * features;
        y_3 += 4 * features;
      }
    }
  }
}

function productOfRow(
  x: usize,
  w: usize,
  y: usize,
  in_dim: u32,
  from: u32,
  to: u32,
  format: u32,
  scratch: usize,
): void {
  const rowBytes = bytesOfRow(format, in_dim);
  if (format === INT8) {
    split(x, scratch, in_dim);
    for (let i = from; i < to; i++) store<f32>(y + 4 * i, dotInt8(scratch, w + rowBytes * i, in_dim));
  } else if (format === F16) {
    for (let i = from; i < to; i++) store<f32>(y + 4 * i, dotF16(x, w + rowBytes * i, in_dim));
  } else {
    for (let i = from; i < to; i++) store<f32>(y + 4 * i, dot(x, w + rowBytes * i, in_dim));
  }
}
