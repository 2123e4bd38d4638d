import matmulBody from "../../shaders/matmul/matmul-tile.wgsl?raw";
import matmulByQuadsBody from "../../shaders/matmul/matmul-quad.wgsl?raw";
import matmulByThreadBody from "../../shaders/matmul/matmul-register.wgsl?raw";
import matmulFourRowsBody from "../../shaders/matmul/matmul-quad-4-rows.wgsl?raw";
import matvecBody from "../../shaders/matmul/matvec.wgsl?raw";
import fourFeatures from "../../shaders/parts/four-features.wgsl?raw";
import gelu from "../../shaders/parts/gelu.wgsl?raw";
import inputNormed from "../../shaders/parts/prologue-layer-norm.wgsl?raw";
import inputPlain from "../../shaders/parts/prologue-plain.wgsl?raw";
import outputLinear from "../../shaders/parts/epilogue-linear.wgsl?raw";
import outputQKV from "../../shaders/parts/epilogue-qkv.wgsl?raw";
import sumByMemory from "../../shaders/parts/workgroup-sum-memory.wgsl?raw";
import sumBySubgroups from "../../shaders/parts/workgroup-sum-subgroups.wgsl?raw";
import { type Constants, defineKernel, type Grid, gridOver } from "../gpu/kernel.ts";
import { blockStage, type WeightFormat, weightFormats, weightStage } from "./weight-format.ts";

/** Rows that a matvec, or one thread of matmul-by-thread, takes at most; more are many. */
export const MAX_MATVEC_ROWS = 4;

interface Shape {
  /** Stages and body, between the weights' stage and the output's. */
  stages: readonly string[];
  enable?: string;
  workgroups(num_rows: number, out_dim: number, rows: number): Grid;
}

/** The shapes of a product with a weight matrix, each for any weight format and output stage. */
const shapes = {
  /** Many rows, tiles in workgroup memory. */
  matmul: {
    stages: [inputPlain, matmulBody],
    workgroups: (num_rows, out_dim) => [Math.ceil(out_dim / 64), Math.ceil(num_rows / 64)],
  },
  /** One to four rows, a workgroup for four features. */
  matvec: {
    stages: [inputPlain, sumByMemory, matvecBody],
    workgroups: (_, out_dim) => gridOver(out_dim, 4),
  },
  /** The same, adding up in registers. Needs the feature "subgroups". */
  matvecBySubgroups: {
    stages: [inputPlain, sumBySubgroups, matvecBody],
    enable: "enable subgroups;",
    workgroups: (_, out_dim) => gridOver(out_dim, 4),
  },
  /** Many rows, no barrier: four threads share what they load. Needs the feature "subgroups". */
  matmulByQuads: {
    stages: [inputPlain, matmulByQuadsBody],
    enable: "enable subgroups;",
    workgroups: (num_rows, out_dim) => [Math.ceil(out_dim / 128), Math.ceil(num_rows / 16)],
  },
  /** Up to four rows, no barrier: four threads share what they load of them. Needs the feature "subgroups". */
  matmulFourRows: {
    stages: [inputPlain, fourFeatures, matmulFourRowsBody],
    enable: "enable subgroups;",
    workgroups: (num_rows, out_dim) => [Math.ceil(out_dim / (4 * 16)), Math.ceil(num_rows / 4)],
  },
  /** Any rows, no barrier. */
  matmulByThread: {
    stages: [inputPlain, fourFeatures, matmulByThreadBody],
    workgroups: (num_rows, out_dim, rows) => [Math.ceil(out_dim / (4 * 16)), Math.ceil(num_rows / rows)],
  },
} satisfies Record<string, Shape>;

export type LinearShape = keyof typeof shapes;
export const linearShapes = Object.keys(shapes) as LinearShape[];

/** Whether a shape needs the device feature "subgroups". */
export const needsSubgroups = (shape: LinearShape): boolean => "enable" in shapes[shape];

/** The shapes that are compiled for a number of rows, `rows` of them a thread or a workgroup. */
const shapesByRows: readonly LinearShape[] = ["matvec", "matvecBySubgroups", "matmulByThread"];

/** The constants of a shape's pipeline for so many rows. */
export const rowConstants = (shape: LinearShape, num_rows: number): Constants =>
  shapesByRows.includes(shape) ? { rows: Math.min(num_rows, MAX_MATVEC_ROWS) } : {};

/** The shapes that can do a LayerNorm on the way in. */
export type NormedShape = "matvec" | "matvecBySubgroups";
const normedShapes: readonly NormedShape[] = ["matvec", "matvecBySubgroups"];

export const isNormedShape = (shape: LinearShape): shape is NormedShape =>
  (normedShapes as readonly LinearShape[]).includes(shape);

const source = (shape: Shape, format: WeightFormat, output: readonly string[]): string =>
  [shape.enable ?? "", weightStage(format), blockStage(format), ...output, ...shape.stages].join("\n");

const normed = (shape: Shape): Shape => ({
  ...shape,
  stages: shape.stages.map((stage) => (stage === inputPlain ? inputNormed : stage)),
});

const dims = ["num_rows", "in_dim", "out_dim", "first_out"] as const;
/** The shape of the weights. */
const fixed = ["in_dim", "out_dim"] as const;

const grid =
  ({ workgroups }: Shape) =>
  (
    { num_rows, out_dim }: { num_rows: number; out_dim: number },
    { rows = 1 }: Readonly<Record<string, number>>,
  ): Grid =>
    workgroups(num_rows, out_dim, rows);

const linearKernel = (name: LinearShape, format: WeightFormat) =>
  defineKernel({
    label: `${name} (${format})`,
    wgsl: source(shapes[name], format, [gelu, outputLinear]),
    bindings: ["x", "w", "bias", "shortcut", "y"],
    dims: [...dims, "y_dim"],
    fixed,
    workgroups: grid(shapes[name]),
  });

const qkvKernel = (name: LinearShape, format: WeightFormat) =>
  defineKernel({
    label: `${name} to q, k, v (${format})`,
    wgsl: source(shapes[name], format, [outputQKV]),
    bindings: ["x", "w", "bias", "past", "q", "k", "v"],
    dims: [...dims, "num_tokens", "capacity"],
    fixed,
    workgroups: grid(shapes[name]),
  });

const normedLinearKernel = (name: NormedShape, format: WeightFormat) =>
  defineKernel({
    label: `layer-norm, ${name} (${format})`,
    wgsl: source(normed(shapes[name]), format, [gelu, outputLinear]),
    bindings: ["x", "w", "bias", "shortcut", "y", "scale", "shift"],
    dims: [...dims, "y_dim"],
    fixed,
    workgroups: grid(shapes[name]),
  });

const normedQKVKernel = (name: NormedShape, format: WeightFormat) =>
  defineKernel({
    label: `layer-norm, ${name} to q, k, v (${format})`,
    wgsl: source(normed(shapes[name]), format, [outputQKV]),
    bindings: ["x", "w", "bias", "past", "q", "k", "v", "scale", "shift"],
    dims: [...dims, "num_tokens", "capacity"],
    fixed,
    workgroups: grid(shapes[name]),
  });

/** A kernel for every shape and weight format. */
const forEach = <S extends string, K>(names: readonly S[], make: (shape: S, format: WeightFormat) => K) =>
  Object.fromEntries(
    names.map((name) => [
      name,
      Object.fromEntries(weightFormats.map((format) => [format, make(name, format)])),
    ]),
  ) as Record<S, Record<WeightFormat, K>>;

/** y = stages(x · wᵀ). */
export const linear = forEach(linearShapes, linearKernel);

/** q, k, v = x · wᵀ with k and v appended to the KV cache. */
export const qkv = forEach(linearShapes, qkvKernel);

/** y = stages(LayerNorm(x) · wᵀ). */
export const normedLinear = forEach(normedShapes, normedLinearKernel);

/** q, k, v = LayerNorm(x) · wᵀ. Binds nine storage buffers, one more than every adapter offers. */
export const normedQKV = forEach(normedShapes, normedQKVKernel);
