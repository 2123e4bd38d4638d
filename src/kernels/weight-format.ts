import blocksInt8 from "../../shaders/parts/blocks-int8.wgsl?raw";
import blocksUnscaled from "../../shaders/parts/blocks-unscaled.wgsl?raw";
import int8Block from "../../shaders/parts/int8-block.wgsl?raw";
import weightsF16 from "../../shaders/parts/weights-f16.wgsl?raw";
import weightsF32 from "../../shaders/parts/weights-f32.wgsl?raw";
import weightsInt8 from "../../shaders/parts/weights-int8.wgsl?raw";
import type { Constants } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";
import { type VecWidth, vecLength, vecPart, vecWidthOf } from "./vec.ts";

/** How weights are stored: as they are, rounded to half the bytes, or rounded to a quarter and an eighth of that. */
export type Precision = "f32" | "f16" | "int8";
export const precisions: readonly Precision[] = ["f32", "f16", "int8"];

/** How a kernel reads a weight tensor: f32 as vec4 or scalar, or packed. */
export type WeightFormat = VecWidth | "f16" | "int8";
export const weightFormats: readonly WeightFormat[] = ["vec4", "scalar", "f16", "int8"];

/** Values in a pack, the least that is stored together: a vec4 in two words of f16, a block that shares a scale in int8. */
export const packLength = {
  f16: vecLength("vec4"),
  int8: vecLength("vec4") * shaderConstant(int8Block, "BLOCK_VECS"),
} as const;
const packWords = { f16: 2, int8: shaderConstant(int8Block, "BLOCK_WORDS") } as const;

/** The format for rows of `length` values: f32 where they do not fill whole packs. */
export function formatOf(precision: Precision, length: number): WeightFormat {
  if (precision !== "f32" && length % packLength[precision] === 0) return precision;
  return vecWidthOf(length);
}

/** Bytes of `values` weights, a multiple of the row length that `formatOf` was asked about. */
export const bytesIn = (format: WeightFormat, values: number): number =>
  format === "f16" || format === "int8" ? (values / packLength[format]) * packWords[format] * 4 : values * 4;

/** The number that assembly/parts/weights.ts has for a format. It reads f32 in any width. */
const assemblyFormats: Record<WeightFormat, number> = { vec4: 0, scalar: 0, f16: 1, int8: 2 };

/** What a counterpart on the processor is told of a tensor of this format. */
export const givenFormat = (format: WeightFormat): Constants => ({ format: assemblyFormats[format] });

const parts: Record<WeightFormat, readonly string[]> = {
  vec4: [weightsF32],
  scalar: [weightsF32],
  f16: [weightsF16],
  int8: [int8Block, weightsInt8],
};

/** The width of the `Vec` that a kernel reads from a tensor of this format. */
export const vecWidthIn = (format: WeightFormat): VecWidth => (format === "scalar" ? "scalar" : "vec4");

/** `fn weight(i) -> Vec` for a tensor of this format, with what a `Vec` is. */
export const weightPart = (format: WeightFormat): string =>
  [vecPart(vecWidthIn(format)), ...parts[format]].join("\n");

/** For products that walk along a row: its weights block by block, each with one scale. Follows `weightPart`. */
export const blockPart = (format: WeightFormat): string => (format === "int8" ? blocksInt8 : blocksUnscaled);
