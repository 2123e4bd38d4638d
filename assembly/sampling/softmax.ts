// softmax: y = exp(x - max(x)) / sum(exp(x - max(x))), for each row; a share of it is rows from .. to
//   x, y  [num_rows, dim]
// Notebook: torch.softmax · Reference: src/reference/softmax.ts · Shader: shaders/sampling/softmax.wgsl
import { exp, exp4 } from "../parts/exp";
import { largestOfRow, sumOfExp } from "../parts/rows";
import { inVecs } from "../parts/vec";

export function softmax(x: usize, y: usize, num_rows: u32, dim: u32, from: u32, to: u32): void {
  const rowBytes: usize = 4 * dim;
  const vecs = inVecs(dim);
  for (let row = from; row < to; row++) {
    const x_row = x + rowBytes * row;
    const y_row = y + rowBytes * row;
    const largest = largestOfRow(x_row, dim);
    const sum = sumOfExp(x_row, largest, dim);
    for (let i: u32 = 0; i < vecs; i += 4) {
      const weights = exp4(f32x4.sub(v128.load(x_row + 4 * i), f32x4.splat(largest)));
      v128.store(y_row + 4 * i, f32x4.div(weights, f32x4.splat(sum)));
    }
    for (let i = vecs; i < dim; i++) {
      store<f32>(y_row + 4 * i, exp(load<f32>(x_row + 4 * i) - largest) / sum);
    }
  }
}
