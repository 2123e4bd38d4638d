import chunk1 from "../../shaders/parts/scalar.wgsl?raw";
import chunk4 from "../../shaders/parts/vec4.wgsl?raw";

/** How many neighbours of a row a kernel reads at once. */
export type Width = "wide" | "narrow";
export const widths: readonly Width[] = ["wide", "narrow"];

/** Rows of `length` values are read four at a time if they can be. */
export const widthOf = (length: number): Width => (length % 4 === 0 ? "wide" : "narrow");

export const chunkStage = (width: Width): string => (width === "wide" ? chunk4 : chunk1);
