/**
 * Bytes of one element for every data type that safetensors knows and that fills whole bytes.
 * All of them may stand in a file, since a mask of booleans lies beside the weights in many; weights themselves must be
 * one of `WeightType`.
 */
export const bytesPerElement: ReadonlyMap<string, number> = new Map([
  ["BOOL", 1],
  ["U8", 1],
  ["I8", 1],
  ["F8_E5M2", 1],
  ["F8_E4M3", 1],
  ["F8_E8M0", 1],
  ["I16", 2],
  ["U16", 2],
  ["F16", 2],
  ["BF16", 2],
  ["I32", 4],
  ["U32", 4],
  ["F32", 4],
  ["F64", 8],
  ["I64", 8],
  ["U64", 8],
  ["C64", 8],
]);

/** The data types a weight may have. */
export type WeightType = "F32" | "F16" | "BF16";

export const isWeightType = (dtype: string): dtype is WeightType =>
  dtype === "F32" || dtype === "F16" || dtype === "BF16";
