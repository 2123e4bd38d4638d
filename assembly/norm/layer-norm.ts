// layer-norm: y = (x - mean) / sqrt(var + eps) * scale + shift, for each token; a share of it is tokens from .. to
//   x             tokens first, first + stride, first + 2 * stride, ... of [.., emb_dim]
//   scale, shift  [emb_dim]
//   y             [num_tokens, emb_dim]
// The variance is the biased one. The stride picks the last token of each row, where only that one goes on to the head.
// Notebook: LayerNorm · Reference: src/reference/layer-norm.ts · Shader: shaders/norm/layer-norm.wgsl
import { sumOfRow, sumOfSquares } from "../parts/rows";
import { inVecs, madd } from "../parts/vec";

const EPS: f32 = 1e-5;

export function layerNorm(
  x: usize,
  scale: usize,
  shift: usize,
  y: usize,
  num_tokens: u32,
  emb_dim: u32,
  first: u32,
  stride: u32,
  from: u32,
  to: u32,
): void {
  const rowBytes: usize = 4 * emb_dim;
  for (let token = from; token < to; token++) {
    const row = x + rowBytes * (first + token * stride);
    const mean = sumOfRow(row, emb_dim) / <f32>emb_dim;
    const inverse: f32 = 1 / sqrt<f32>(sumOfSquares(row, mean, emb_dim) / <f32>emb_dim + EPS);
    normalize(row, mean, inverse, scale, shift, y + rowBytes * token, emb_dim);
  }
}

function normalize(
  x: usize,
  mean: f32,
  inverse: f32,
  scale: usize,
  shift: usize,
  y: usize,
  emb_dim: u32,
): void {
  const vecs = inVecs(emb_dim);
  for (let i: u32 = 0; i < vecs; i += 4) {
    const centred = f32x4.sub(v128.load(x + 4 * i), f32x4.splat(mean));
    const norm_x = f32x4.mul(centred, f32x4.splat(inverse));
    v128.store(y + 4 * i, madd(norm_x, v128.load(scale + 4 * i), v128.load(shift + 4 * i)));
  }
  for (let i = vecs; i < emb_dim; i++) {
    const norm_x = (load<f32>(x + 4 * i) - mean) * inverse;
    store<f32>(y + 4 * i, norm_x * load<f32>(scale + 4 * i) + load<f32>(shift + 4 * i));
  }
}
