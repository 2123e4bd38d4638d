import {
  fusesLayerNorm,
  type LayerNormVariant,
  layerNormLinear,
  layerNormQKV,
  linear,
  MAX_MATVEC_ROWS,
  type MatmulVariant,
  qkv,
  rowConstants,
} from "../kernels/linear.ts";
import { type Activation, type Pass, rowsOf } from "../pass/pass.ts";
import type { WeightTensor, WeightTensors } from "../pass/weight-tensors.ts";

/** Stages that a Linear may do on its way out, in this order, instead of a kernel each. */
export interface Epilogue {
  gelu?: boolean;
  /** [rows, out features], added: the residual connection. */
  shortcut?: GPUBuffer | undefined;
}

/** A Linear with its input, not yet dispatched: whoever takes it says what its epilogue adds. */
export interface Product {
  readonly linear: Linear;
  readonly x: Activation;
}

/** nn.Linear: y = x · weightᵀ + bias. Weight [out features, in features], as PyTorch stores it. */
export class Linear {
  readonly weight: WeightTensor;
  readonly bias: GPUBuffer | undefined;

  constructor(tensors: WeightTensors, name: string) {
    this.weight = tensors.get(`${name}.weight`)!;
    this.bias = tensors.get(`${name}.bias`)?.parts[0]?.buffer;
  }

  /** x [num_rows, in features] -> y [num_rows, out features]. */
  forward(
    pass: Pass,
    { buffer: x, norm }: Activation,
    y: GPUBuffer,
    { gelu = false, shortcut }: Epilogue = {},
    num_rows = rowsOf(pass),
  ): GPUBuffer {
    const { rowLength, rows: y_dim, parts, format } = this.weight;
    const constants = {
      ...rowConstants(variantOf(pass, num_rows), num_rows),
      has_bias: Number(this.bias !== undefined),
      has_gelu: Number(gelu),
      has_shortcut: Number(shortcut !== undefined),
    };
    for (const part of parts) {
      const buffers = { x, w: part.buffer, bias: this.bias ?? x, shortcut: shortcut ?? x, y };
      const dims = { num_rows, in_dim: rowLength, out_dim: part.rows, first_out: part.firstRow, y_dim };
      const shape = norm && fusedVariantOf(pass, num_rows);
      if (shape) pass.recording.add(layerNormLinear[shape][format], { ...buffers, ...norm }, dims, constants);
      else pass.recording.add(linear[variantOf(pass, num_rows)][format], buffers, dims, constants);
    }
    return y;
  }

  /** As W_qkv: x [num_rows, emb_dim] -> q [num_rows, emb_dim], with k and v appended to the cache of `layer`. */
  forwardToCache(pass: Pass, { buffer: x, norm }: Activation, layer: number): void {
    const { workspace, cache, num_tokens } = pass;
    const { rowLength, parts, format } = this.weight;
    const num_rows = rowsOf(pass);
    const { k, v } = cache.layers[layer]!;
    const constants = {
      ...rowConstants(variantOf(pass, num_rows), num_rows),
      has_bias: Number(this.bias !== undefined),
    };
    for (const part of parts) {
      const buffers = {
        x,
        w: part.buffer,
        bias: this.bias ?? x,
        cache_len: cache.cache_len,
        q: workspace.q,
        k,
        v,
      };
      const dims = {
        num_rows,
        in_dim: rowLength,
        out_dim: part.rows,
        first_out: part.firstRow,
        num_tokens,
        capacity: cache.capacity,
      };
      const shape = norm && fusedVariantOf(pass, num_rows);
      if (shape) pass.recording.add(layerNormQKV[shape][format], { ...buffers, ...norm }, dims, constants);
      else pass.recording.add(qkv[variantOf(pass, num_rows)][format], buffers, dims, constants);
    }
  }
}

function variantOf({ kernels }: Pass, num_rows: number): MatmulVariant {
  if (num_rows === 1) return kernels.one;
  return num_rows <= MAX_MATVEC_ROWS ? kernels.few : kernels.many;
}

/** Storage buffers that a product with its LayerNorm binds at most; not every adapter offers so many. */
const NORMED_BINDINGS = 9;

/** The shape that multiplies this many rows and does their LayerNorm on the way in; undefined if none does both. */
export function fusedVariantOf(pass: Pass, num_rows: number): LayerNormVariant | undefined {
  const fits = pass.gpu.limits.maxStorageBuffersPerShaderStage >= NORMED_BINDINGS;
  const shape = variantOf(pass, num_rows);
  return fits && fusesLayerNorm(shape) ? shape : undefined;
}
