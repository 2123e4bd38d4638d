import type { Inspection } from "../../index.ts";

/** The residual stream at one depth: over the tokens shown, and for the last of them. */
export interface NormRow {
  /** "embedding", "block 0", "block 1" ... */
  name: string;
  least: number;
  mean: number;
  most: number;
  last: number;
}

export function normRows({ residualNorms }: Pick<Inspection, "residualNorms">): NormRow[] {
  return residualNorms.map((norms, depth) => ({
    name: depthName(depth),
    least: Math.min(...norms),
    mean: norms.reduce((sum, norm) => sum + norm, 0) / norms.length,
    most: Math.max(...norms),
    last: norms.at(-1)!,
  }));
}

/** After how much of the model: 0 is the embedding, n is what block n - 1 leaves behind. */
export const depthName = (depth: number): string => (depth === 0 ? "embedding" : `block ${depth - 1}`);

/** A round number not below `value`, for the end of an axis. */
export function axisEnd(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map((step) => step * power).find((end) => end >= value)!;
}
