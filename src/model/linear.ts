import type { DeviceBuffer } from "../device/device-buffer.ts";
import {
  fusesLayerNorm,
  type LayerNormVariant,
  layerNormLinear,
  layerNormProducts,
  layerNormQKV,
  linear,
  MAX_MATVEC_ROWS,
  type MatmulVariant,
  qkv,
  rowConstants,
} from "../kernels/linear.ts";
import { type Activation, type Pass, rowsOf } from "../pass/pass.ts";
import type { WeightTensor, WeightTensors } from "../pass/weight-tensors.ts";

/** What a Linear's kernel may do with its product, in this order, instead of a kernel each. */
export interface Epilogue {
  gelu?: boolean;
  /** [rows, out features], added to the product: the residual connection. */
  shortcut?: DeviceBuffer | undefined;
}

/** A Linear with its input, not yet dispatched: the caller of its `forward` chooses the epilogue. */
export interface Product {
  readonly linear: Linear;
  readonly x: Activation;
}

/** nn.Linear: y = x · weightᵀ + bias. Weight [out features, in features], as PyTorch stores it. */
export class Linear {
  readonly weight: WeightTensor;
  readonly bias: DeviceBuffer | undefined;

  constructor(tensors: WeightTensors, name: string) {
    this.weight = tensors.get(`${name}.weight`)!;
    this.bias = tensors.get(`${name}.bias`)?.parts[0]?.buffer;
  }

  /** x [num_rows, in features] -> y [num_rows, out features]. */
  forward(
    pass: Pass,
    { buffer: x, norm }: Activation,
    y: DeviceBuffer,
    { gelu = false, shortcut }: Epilogue = {},
    num_rows = rowsOf(pass),
  ): DeviceBuffer {
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
      const fused = norm && fusedVariantOf(pass, num_rows, "linear");
      if (fused) pass.recording.add(layerNormLinear[fused][format], { ...buffers, ...norm }, dims, constants);
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
      const fused = norm && fusedVariantOf(pass, num_rows, "qkv");
      if (fused) pass.recording.add(layerNormQKV[fused][format], { ...buffers, ...norm }, dims, constants);
      else pass.recording.add(qkv[variantOf(pass, num_rows)][format], buffers, dims, constants);
    }
  }
}

function variantOf({ kernels }: Pass, num_rows: number): MatmulVariant {
  if (num_rows === 1) return kernels.one;
  return num_rows <= MAX_MATVEC_ROWS ? kernels.few : kernels.many;
}

/** The variant of a product of this many rows, if it can have the LayerNorm prologue: not every adapter binds so many buffers. */
export function fusedVariantOf(
  pass: Pass,
  num_rows: number,
  product: keyof typeof layerNormProducts,
): LayerNormVariant | undefined {
  const { bindings } = layerNormProducts[product].matvec.vec4;
  const fits = pass.device.limits.maxStorageBuffersPerShaderStage >= bindings.length;
  const variant = variantOf(pass, num_rows);
  return fits && fusesLayerNorm(variant) ? variant : undefined;
}
