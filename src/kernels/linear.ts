import matmulQuadBody from "../../shaders/matmul/matmul-quad.wgsl?raw";
import matmulQuad4RowsBody from "../../shaders/matmul/matmul-quad-4-rows.wgsl?raw";
import matmulRegisterBody from "../../shaders/matmul/matmul-register.wgsl?raw";
import matmulTileBody from "../../shaders/matmul/matmul-tile.wgsl?raw";
import matvecBody from "../../shaders/matmul/matvec.wgsl?raw";
import epilogueLinear from "../../shaders/parts/epilogue-linear.wgsl?raw";
import epilogueQKV from "../../shaders/parts/epilogue-qkv.wgsl?raw";
import fourFeatures from "../../shaders/parts/four-features.wgsl?raw";
import gelu from "../../shaders/parts/gelu.wgsl?raw";
import prologueLayerNorm from "../../shaders/parts/prologue-layer-norm.wgsl?raw";
import prologuePlain from "../../shaders/parts/prologue-plain.wgsl?raw";
import sumByMemory from "../../shaders/parts/workgroup-sum-memory.wgsl?raw";
import sumBySubgroups from "../../shaders/parts/workgroup-sum-subgroups.wgsl?raw";
import { type Constants, defineKernel, type Grid, gridOver } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";
import { blockPart, givenFormat, type WeightFormat, weightFormats, weightPart } from "./weight-format.ts";

/** The most rows that a workgroup of a matvec, or a thread of matmul-register, computes. */
export const MAX_MATVEC_ROWS = shaderConstant(matvecBody, "MAX_ROWS");

/** Features and rows of the output that a workgroup computes, by the shaders' own constants. */
const TILE = shaderConstant(matmulTileBody, "TILE");
const matvecFeatures = shaderConstant(matvecBody, "FEATURES");
const quadFeatures = shaderConstant(matmulQuadBody, "FEATURES");
const quadRows = shaderConstant(matmulQuadBody, "QUAD_ROWS");
const threadFeatures = shaderConstant(fourFeatures, "FEATURES");
const quad4RowsFeatures = threadFeatures * shaderConstant(matmulQuad4RowsBody, "threads");
const quad4RowsRows = shaderConstant(matmulQuad4RowsBody, "ROWS");
const registerFeatures = threadFeatures * shaderConstant(matmulRegisterBody, "threads");

/** Workgroups of so many features by so many rows that cover the output. */
const cover = (out_dim: number, num_rows: number, features: number, rows: number): Grid => [
  Math.ceil(out_dim / features),
  Math.ceil(num_rows / rows),
];

interface Variant {
  /** Prologue, further parts and body, behind the weights' part and the epilogue. */
  parts: readonly string[];
  enable?: string;
  workgroups(num_rows: number, out_dim: number, rows: number): Grid;
}

/** The variants of a product with a weight matrix, each for any weight format and epilogue. */
const variants = {
  /** For many rows: tiles in workgroup memory. */
  matmul: {
    parts: [prologuePlain, matmulTileBody],
    workgroups: (num_rows, out_dim) => cover(out_dim, num_rows, TILE, TILE),
  },
  /** For up to MAX_MATVEC_ROWS rows: a workgroup for four features adds up in its memory. */
  matvec: {
    parts: [prologuePlain, sumByMemory, matvecBody],
    workgroups: (_, out_dim) => gridOver(out_dim, matvecFeatures),
  },
  /** The same, but a workgroup adds up in registers. Needs the feature "subgroups". */
  matvecSubgroups: {
    parts: [prologuePlain, sumBySubgroups, matvecBody],
    enable: "enable subgroups;",
    workgroups: (_, out_dim) => gridOver(out_dim, matvecFeatures),
  },
  /** For many rows, without a barrier: a quad shares the weights that it loads. Needs the feature "subgroups". */
  matmulQuad: {
    parts: [prologuePlain, matmulQuadBody],
    enable: "enable subgroups;",
    workgroups: (num_rows, out_dim) => cover(out_dim, num_rows, quadFeatures, quadRows),
  },
  /** For two to four rows, without a barrier: a quad shares the rows that it loads. Needs the feature "subgroups". */
  matmulQuad4Rows: {
    parts: [prologuePlain, fourFeatures, matmulQuad4RowsBody],
    enable: "enable subgroups;",
    workgroups: (num_rows, out_dim) => cover(out_dim, num_rows, quad4RowsFeatures, quad4RowsRows),
  },
  /** For any number of rows, without a barrier, on every adapter. */
  matmulRegister: {
    parts: [prologuePlain, fourFeatures, matmulRegisterBody],
    workgroups: (num_rows, out_dim, rows) => cover(out_dim, num_rows, registerFeatures, rows),
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

/** The variants that can have the LayerNorm prologue. */
export type LayerNormVariant = "matvec" | "matvecSubgroups";
const layerNormVariants: readonly LayerNormVariant[] = ["matvec", "matvecSubgroups"];

export const fusesLayerNorm = (variant: MatmulVariant): variant is LayerNormVariant =>
  (layerNormVariants as readonly MatmulVariant[]).includes(variant);

const source = (variant: Variant, format: WeightFormat, epilogue: readonly string[]): string =>
  [variant.enable ?? "", weightPart(format), blockPart(format), ...epilogue, ...variant.parts].join("\n");

const withLayerNorm = (variant: Variant): Variant => ({
  ...variant,
  parts: variant.parts.map((part) => (part === prologuePlain ? prologueLayerNorm : part)),
});

const dims = ["num_rows", "in_dim", "out_dim", "first_out"] as const;
/** The shape of the weights. */
const fixed = ["in_dim", "out_dim"] as const;

const grid =
  ({ workgroups }: Variant) =>
  (
    { num_rows, out_dim }: { num_rows: number; out_dim: number },
    { rows = 1 }: Readonly<Record<string, number>>,
  ): Grid =>
    workgroups(num_rows, out_dim, rows);

/** Every variant computes the same product, and features apart from each other. */
const counterpart = (name: string, constants: readonly string[], format: WeightFormat) => ({
  name,
  constants,
  given: givenFormat(format),
  // Room for 16 features of weights as f32.
  scratchBytes: ({ in_dim }: { in_dim: number }) => 16 * 4 * in_dim,
  parts: ({ out_dim }: { out_dim: number }) => out_dim,
});

const linearKernel = (name: MatmulVariant, format: WeightFormat) =>
  defineKernel({
    label: `${name} (${format})`,
    wgsl: source(variants[name], format, [gelu, epilogueLinear]),
    bindings: ["x", "w", "bias", "shortcut", "y"],
    dims: [...dims, "y_dim"],
    fixed,
    cpu: counterpart("linear", ["has_bias", "has_gelu", "has_shortcut"], format),
    workgroups: grid(variants[name]),
  });

const qkvKernel = (name: MatmulVariant, format: WeightFormat) =>
  defineKernel({
    label: `${name} to q, k, v (${format})`,
    wgsl: source(variants[name], format, [epilogueQKV]),
    bindings: ["x", "w", "bias", "cache_len", "q", "k", "v"],
    dims: [...dims, "num_tokens", "capacity"],
    fixed,
    cpu: counterpart("qkv", ["has_bias"], format),
    workgroups: grid(variants[name]),
  });

const layerNormLinearKernel = (name: LayerNormVariant, format: WeightFormat) =>
  defineKernel({
    label: `layer-norm, ${name} (${format})`,
    wgsl: source(withLayerNorm(variants[name]), format, [gelu, epilogueLinear]),
    bindings: ["x", "w", "bias", "shortcut", "y", "scale", "shift"],
    dims: [...dims, "y_dim"],
    fixed,
    workgroups: grid(variants[name]),
  });

const layerNormQKVKernel = (name: LayerNormVariant, format: WeightFormat) =>
  defineKernel({
    label: `layer-norm, ${name} to q, k, v (${format})`,
    wgsl: source(withLayerNorm(variants[name]), format, [epilogueQKV]),
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

/** y = epilogue(x · wᵀ). */
export const linear = forEach(matmulVariants, linearKernel);

/** q, k, v = x · wᵀ with k and v appended to the KV cache. */
export const qkv = forEach(matmulVariants, qkvKernel);

/** y = epilogue(LayerNorm(x) · wᵀ). */
export const layerNormLinear = forEach(layerNormVariants, layerNormLinearKernel);

/** q, k, v = LayerNorm(x) · wᵀ. Binds nine storage buffers, one more than an adapter has to offer. */
export const layerNormQKV = forEach(layerNormVariants, layerNormQKVKernel);

/** The products that can begin with a LayerNorm. */
export const layerNormProducts = { linear: layerNormLinear, qkv: layerNormQKV };
