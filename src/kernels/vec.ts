import scalar from "../../shaders/parts/scalar.wgsl?raw";
import vec4 from "../../shaders/parts/vec4.wgsl?raw";
import { shaderConstant } from "./shader-constant.ts";

/** How many neighbours of a row a kernel reads at once. */
export type VecWidth = "vec4" | "scalar";
export const vecWidths: readonly VecWidth[] = ["vec4", "scalar"];

const parts = { vec4, scalar };

/** What a `Vec` is in the shader. */
export const vecPart = (width: VecWidth): string => parts[width];

/** Values in a `Vec`. */
export const vecLength = (width: VecWidth): number => shaderConstant(vecPart(width), "VEC");

/** Rows of `length` values are read four at a time if they can be. */
export const vecWidthOf = (length: number): VecWidth =>
  length % vecLength("vec4") === 0 ? "vec4" : "scalar";
