import { type LinearShape, linear, MAX_MATVEC_ROWS, qkv } from "../kernels/linear.ts";
import { type Pass, rowsOf } from "./pass.ts";
import type { WeightTensor, WeightTensors } from "./weight-tensors.ts";

/** Stages that a Linear may do on its way out, in this order, instead of a kernel each. */
export interface LinearStages {
  gelu?: boolean;
  /** [rows, out features], added: the residual connection. */
  shortcut?: GPUBuffer | undefined;
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
    x: GPUBuffer,
    y: GPUBuffer,
    { gelu = false, shortcut }: LinearStages = {},
    num_rows = rowsOf(pass),
  ): GPUBuffer {
    const { rowLength, rows: y_dim, parts, format } = this.weight;
    const { shape, constants } = chooseShape(pass, num_rows);
    for (const part of parts) {
      pass.recording.add(
        linear[shape][format],
        { x, w: part.buffer, bias: this.bias ?? x, shortcut: shortcut ?? x, y },
        { num_rows, in_dim: rowLength, out_dim: part.rows, first_out: part.firstRow, y_dim },
        {
          ...constants,
          has_bias: Number(this.bias !== undefined),
          has_gelu: Number(gelu),
          has_shortcut: Number(shortcut !== undefined),
        },
      );
    }
    return y;
  }

  /** As W_qkv: x [num_rows, emb_dim] -> q [num_rows, emb_dim], with k and v appended to the cache of `layer`. */
  forwardToCache(pass: Pass, x: GPUBuffer, layer: number): void {
    const { recording, workspace, cache, num_tokens } = pass;
    const { rowLength, parts, format } = this.weight;
    const num_rows = rowsOf(pass);
    const { shape, constants } = chooseShape(pass, num_rows);
    const { k, v } = cache.layers[layer]!;
    for (const part of parts) {
      recording.add(
        qkv[shape][format],
        { x, w: part.buffer, bias: this.bias ?? x, past: cache.past, q: workspace.q, k, v },
        {
          num_rows,
          in_dim: rowLength,
          out_dim: part.rows,
          first_out: part.firstRow,
          num_tokens,
          capacity: cache.capacity,
        },
        { ...constants, has_bias: Number(this.bias !== undefined) },
      );
    }
  }
}

interface Choice {
  shape: LinearShape;
  constants: Record<string, number>;
}

/** On a software adapter barriers cost most; on a GPU, threads that do not share their reads. */
function chooseShape({ gpu }: Pass, num_rows: number): Choice {
  const rows = Math.min(num_rows, MAX_MATVEC_ROWS);
  if (gpu.adapter.isSoftware) return { shape: "matmulByThread", constants: { rows } };
  return num_rows <= MAX_MATVEC_ROWS
    ? { shape: "matvec", constants: { rows } }
    : { shape: "matmul", constants: {} };
}
