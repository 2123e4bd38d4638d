import matmulBody from "../../shaders/matmul.wgsl?raw";
import matmulByThreadBody from "../../shaders/matmul-by-thread.wgsl?raw";
import matvecBody from "../../shaders/matvec.wgsl?raw";
import gelu from "../../shaders/stages/gelu.wgsl?raw";
import outputLinear from "../../shaders/stages/output-linear.wgsl?raw";
import outputQKV from "../../shaders/stages/output-qkv.wgsl?raw";
import { defineKernel, type Grid, gridOver } from "../gpu/kernel.ts";
import { type Width, weightStage, widths } from "./chunk.ts";

/** Rows that a matvec, or one thread of matmul-by-thread, takes at most. */
export const MAX_MATVEC_ROWS = 4;

/** The three shapes of a product with a weight matrix, each for any output stage. */
const shapes = {
  matmul: {
    body: matmulBody,
    workgroups: (num_rows: number, out_dim: number): Grid => [
      Math.ceil(out_dim / 64),
      Math.ceil(num_rows / 64),
    ],
  },
  matvec: {
    body: matvecBody,
    workgroups: (_: number, out_dim: number): Grid => gridOver(out_dim, 4),
  },
  matmulByThread: {
    body: matmulByThreadBody,
    workgroups: (num_rows: number, out_dim: number, rows: number): Grid => [
      Math.ceil(out_dim / (4 * 64)),
      Math.ceil(num_rows / rows),
    ],
  },
};

export type LinearShape = keyof typeof shapes;

function linearKernel(shape: LinearShape, width: Width) {
  const { body, workgroups } = shapes[shape];
  return defineKernel({
    label: `${shape} (${width})`,
    wgsl: [weightStage(width), gelu, outputLinear, body].join("\n"),
    bindings: ["x", "w", "bias", "shortcut", "y"],
    dims: ["num_rows", "in_dim", "out_dim", "first_out", "y_dim"],
    workgroups: ({ num_rows, out_dim }, { rows = 1 }) => workgroups(num_rows, out_dim, rows),
  });
}

function qkvKernel(shape: LinearShape, width: Width) {
  const { body, workgroups } = shapes[shape];
  return defineKernel({
    label: `${shape} to q, k, v (${width})`,
    wgsl: [weightStage(width), outputQKV, body].join("\n"),
    bindings: ["x", "w", "bias", "past", "q", "k", "v"],
    dims: ["num_rows", "in_dim", "out_dim", "first_out", "num_tokens", "capacity"],
    workgroups: ({ num_rows, out_dim }, { rows = 1 }) => workgroups(num_rows, out_dim, rows),
  });
}

const forEach = <K>(make: (shape: LinearShape, width: Width) => K) =>
  Object.fromEntries(
    (Object.keys(shapes) as LinearShape[]).map((shape) => [
      shape,
      Object.fromEntries(widths.map((width) => [width, make(shape, width)])),
    ]),
  ) as Record<LinearShape, Record<Width, K>>;

/** y = stages(x · wᵀ), by shape and width of a chunk. */
export const linear = forEach(linearKernel);

/** q, k, v = x · wᵀ with k and v appended to the KV cache, by shape and width of a chunk. */
export const qkv = forEach(qkvKernel);
