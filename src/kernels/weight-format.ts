import blocksInt8 from "../../shaders/parts/blocks-int8.wgsl?raw";
import blocksUnscaled from "../../shaders/parts/blocks-unscaled.wgsl?raw";
import weightsF16 from "../../shaders/parts/weights-f16.wgsl?raw";
import weightsF32 from "../../shaders/parts/weights-f32.wgsl?raw";
import weightsInt8 from "../../shaders/parts/weights-int8.wgsl?raw";
import { type VecWidth, vecPart, vecWidthOf } from "./vec.ts";

/** How weights are kept: as they are, rounded to half the bytes, or rounded to a quarter and an eighth of that. */
export type Precision = "f32" | "f16" | "int8";
export const precisions: readonly Precision[] = ["f32", "f16", "int8"];

/** How a kernel reads a weight tensor: f32 by width of a chunk, or packed. */
export type WeightFormat = VecWidth | "f16" | "int8";
export const weightFormats: readonly WeightFormat[] = ["vec4", "scalar", "f16", "int8"];

/** Rows of this many values fill whole packs: four share two words in f16, 32 share a scale in int8. */
export const packLength = { f16: 4, int8: 32 } as const;
const packWords = { f16: 2, int8: 9 } as const;

/** The format for rows of `length` values; a tensor whose rows do not fill whole packs stays in f32. */
export function formatOf(precision: Precision, length: number): WeightFormat {
  if (precision !== "f32" && length % packLength[precision] === 0) return precision;
  return vecWidthOf(length);
}

/** Bytes of `values` weights, a multiple of the row length that `formatOf` was asked about. */
export const bytesIn = (format: WeightFormat, values: number): number =>
  format === "f16" || format === "int8" ? (values / packLength[format]) * packWords[format] * 4 : values * 4;

const parts = { vec4: weightsF32, scalar: weightsF32, f16: weightsF16, int8: weightsInt8 };

/** `fn weight(i) -> Chunk` for a tensor of this format, with what a Chunk is. */
export const weightPart = (format: WeightFormat): string =>
  [vecPart(format === "scalar" ? "scalar" : "vec4"), parts[format]].join("\n");

/** For products that walk along a row: its weights block by block, each with one scale. Follows `weightPart`. */
export const blockPart = (format: WeightFormat): string => (format === "int8" ? blocksInt8 : blocksUnscaled);
