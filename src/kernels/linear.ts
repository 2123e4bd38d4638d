import matmulByQuadsBody from "../../shaders/matmul/matmul-quad.wgsl?raw";
import matmulFourRowsBody from "../../shaders/matmul/matmul-quad-4-rows.wgsl?raw";
import matmulByThreadBody from "../../shaders/matmul/matmul-register.wgsl?raw";
import matmulBody from "../../shaders/matmul/matmul-tile.wgsl?raw";
import matvecBody from "../../shaders/matmul/matvec.wgsl?raw";
import outputLinear from "../../shaders/parts/epilogue-linear.wgsl?raw";
import outputQKV from "../../shaders/parts/epilogue-qkv.wgsl?raw";
import fourFeatures from "../../shaders/parts/four-features.wgsl?raw";
import gelu from "../../shaders/parts/gelu.wgsl?raw";
import inputNormed from "../../shaders/parts/prologue-layer-norm.wgsl?raw";
import inputPlain from "../../shaders/parts/prologue-plain.wgsl?raw";
import sumByMemory from "../../shaders/parts/workgroup-sum-memory.wgsl?raw";
import sumBySubgroups from "../../shaders/parts/workgroup-sum-subgroups.wgsl?raw";
import { type Constants, defineKernel, type Grid, gridOver } from "../gpu/kernel.ts";
import { blockPart, type WeightFormat, weightFormats, weightPart } from "./weight-format.ts";

/** Rows that a matvec, or one thread of matmul-register, takes at most; more are many. */
export const MAX_MATVEC_ROWS = 4;

interface Variant {
  /** Parts and body, between the weights' part and the output's. */
  parts: readonly string[];
  enable?: string;
  workgroups(num_rows: number, out_dim: number, rows: number): Grid;
}

/** The variants of a product with a weight matrix, each for any weight format and output part. */
const variants = {
  /** Many rows, tiles in workgroup memory. */
  matmul: {
    parts: [inputPlain, matmulBody],
    workgroups: (num_rows, out_dim) => [Math.ceil(out_dim / 64), Math.ceil(num_rows / 64)],
  },
  /** One to four rows, a workgroup for four features. */
  matvec: {
    parts: [inputPlain, sumByMemory, matvecBody],
    workgroups: (_, out_dim) => gridOver(out_dim, 4),
  },
  /** The same, adding up in registers. Needs the feature "subgroups". */
  matvecSubgroups: {
    parts: [inputPlain, sumBySubgroups, matvecBody],
    enable: "enable subgroups;",
    workgroups: (_, out_dim) => gridOver(out_dim, 4),
  },
  /** Many rows, no barrier: four threads share what they load. Needs the feature "subgroups". */
  matmulQuad: {
    parts: [inputPlain, matmulByQuadsBody],
    enable: "enable subgroups;",
    workgroups: (num_rows, out_dim) => [Math.ceil(out_dim / 128), Math.ceil(num_rows / 16)],
  },
  /** Up to four rows, no barrier: four threads share what they load of them. Needs the feature "subgroups". */
  matmulQuad4Rows: {
    parts: [inputPlain, fourFeatures, matmulFourRowsBody],
    enable: "enable subgroups;",
    workgroups: (num_rows, out_dim) => [Math.ceil(out_dim / (4 * 16)), Math.ceil(num_rows / 4)],
  },
  /** Any rows, no barrier. */
  matmulRegister: {
    parts: [inputPlain, fourFeatures, matmulByThreadBody],
    workgroups: (num_rows, out_dim, rows) => [Math.ceil(out_dim / (4 * 16)), Math.ceil(num_rows / rows)],
  },
} satisfies Record<string, Variant>;

export type MatmulVariant = keyof typeof variants;
export const matmulVariants = Object.keys(variants) as MatmulVariant[];

/** Whether a variant needs the device feature "subgroups". */
export const needsSubgroups = (variant: MatmulVariant): boolean => "enable" in variants[variant];

/** The variants that are compiled for a number of rows, `rows` of them a thread or a workgroup. */
const variantsByRows: readonly MatmulVariant[] = ["matvec", "matvecSubgroups", "matmulRegister"];

/** The constants of a variant's pipeline for so many rows. */
export const rowConstants = (variant: MatmulVariant, num_rows: number): Constants =>
  variantsByRows.includes(variant) ? { rows: Math.min(num_rows, MAX_MATVEC_ROWS) } : {};

/** The variants that can do a LayerNorm on the way in. */
export type LayerNormVariant = "matvec" | "matvecSubgroups";
const layerNormVariants: readonly LayerNormVariant[] = ["matvec", "matvecSubgroups"];

export const fusesLayerNorm = (variant: MatmulVariant): variant is LayerNormVariant =>
  (layerNormVariants as readonly MatmulVariant[]).includes(variant);

const source = (variant: Variant, format: WeightFormat, output: readonly string[]): string =>
  [variant.enable ?? "", weightPart(format), blockPart(format), ...output, ...variant.parts].join("\n");

const normed = (variant: Variant): Variant => ({
  ...variant,
  parts: variant.parts.map((part) => (part === inputPlain ? inputNormed : part)),
});

const dims = ["num_rows", "in_dim", "out_dim", "first_out"] as const;
/** The variant of the weights. */
const fixed = ["in_dim", "out_dim"] as const;

const grid =
  ({ workgroups }: Variant) =>
  (
    { num_rows, out_dim }: { num_rows: number; out_dim: number },
    { rows = 1 }: Readonly<Record<string, number>>,
  ): Grid =>
    workgroups(num_rows, out_dim, rows);

const linearKernel = (name: MatmulVariant, format: WeightFormat) =>
  defineKernel({
    label: `${name} (${format})`,
    wgsl: source(variants[name], format, [gelu, outputLinear]),
    bindings: ["x", "w", "bias", "shortcut", "y"],
    dims: [...dims, "y_dim"],
    fixed,
    workgroups: grid(variants[name]),
  });

const qkvKernel = (name: MatmulVariant, format: WeightFormat) =>
  defineKernel({
    label: `${name} to q, k, v (${format})`,
    wgsl: source(variants[name], format, [outputQKV]),
    bindings: ["x", "w", "bias", "cache_len", "q", "k", "v"],
    dims: [...dims, "num_tokens", "capacity"],
    fixed,
    workgroups: grid(variants[name]),
  });

const layerNormLinearKernel = (name: LayerNormVariant, format: WeightFormat) =>
  defineKernel({
    label: `layer-norm, ${name} (${format})`,
    wgsl: source(normed(variants[name]), format, [gelu, outputLinear]),
    bindings: ["x", "w", "bias", "shortcut", "y", "scale", "shift"],
    dims: [...dims, "y_dim"],
    fixed,
    workgroups: grid(variants[name]),
  });

const layerNormQKVKernel = (name: LayerNormVariant, format: WeightFormat) =>
  defineKernel({
    label: `layer-norm, ${name} to q, k, v (${format})`,
    wgsl: source(normed(variants[name]), format, [outputQKV]),
    bindings: ["x", "w", "bias", "cache_len", "q", "k", "v", "scale", "shift"],
    dims: [...dims, "num_tokens", "capacity"],
    fixed,
    workgroups: grid(variants[name]),
  });

/** A kernel for every variant and weight format. */
const forEach = <S extends string, K>(names: readonly S[], make: (variant: S, format: WeightFormat) => K) =>
  Object.fromEntries(
    names.map((name) => [
      name,
      Object.fromEntries(weightFormats.map((format) => [format, make(name, format)])),
    ]),
  ) as Record<S, Record<WeightFormat, K>>;

/** y = parts(x · wᵀ). */
export const linear = forEach(matmulVariants, linearKernel);

/** q, k, v = x · wᵀ with k and v appended to the KV cache. */
export const qkv = forEach(matmulVariants, qkvKernel);

/** y = parts(LayerNorm(x) · wᵀ). */
export const layerNormLinear = forEach(layerNormVariants, layerNormLinearKernel);

/** q, k, v = LayerNorm(x) · wᵀ. Binds nine storage buffers, one more than every adapter offers. */
export const layerNormQKV = forEach(layerNormVariants, layerNormQKVKernel);
