import chunk1 from "../../shaders/parts/scalar.wgsl?raw";
import chunk4 from "../../shaders/parts/vec4.wgsl?raw";

/** How many neighbours of a row a kernel reads at once. */
export type VecWidth = "vec4" | "scalar";
export const vecWidths: readonly VecWidth[] = ["vec4", "scalar"];

/** Rows of `length` values are read four at a time if they can be. */
export const vecWidthOf = (length: number): VecWidth => (length % 4 === 0 ? "vec4" : "scalar");

export const vecPart = (width: VecWidth): string => (width === "vec4" ? chunk4 : chunk1);
