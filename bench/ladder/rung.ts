import type { Recording } from "../../src/device/recording.ts";

/** One step of a ladder: dispatches that compute the same numbers as all its other steps. */
export interface Rung {
  /** What is done, in a few words. */
  readonly name: string;
  /** The WGSL, from the root of the repository. */
  readonly file: string;
  /** Whether it needs the feature "subgroups". */
  readonly subgroups?: boolean;
  record(recording: Recording): void;
  /** What its output must be, and how far off it may be: f64 from src/reference. */
  readonly expected: Expected;
}

export interface Expected {
  readonly values: Float64Array;
  readonly bounds: Float64Array;
}

/** Rungs that do the same work, the naive one first. */
export interface Ladder {
  readonly title: string;
  /** Where every rung leaves its result. */
  readonly output: GPUBuffer;
  readonly rungs: readonly Rung[];
  destroy(): void;
}

/** Numbers from -1 to 1 that look random and are the same in every run. */
export const noise = (length: number, seed: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, (_, i) => {
    const x = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return 2 * (x - Math.floor(x)) - 1;
  });
