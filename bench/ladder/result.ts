/** What ladders are about: products of matrices with the norms before them, attention, and a whole step. */
export const ladderSubjects = ["products", "attention", "step"] as const;
export type LadderSubject = (typeof ladderSubjects)[number];

/** One rung, timed after it was found right. */
export interface RungResult {
  name: string;
  /** Its WGSL or TypeScript, from the root of the repository. */
  file: string;
  /** The best of its rounds. */
  ms: number;
}

export interface LadderResult {
  title: string;
  /** In the order in which they were climbed; ratios are to the first. */
  rungs: RungResult[];
}

/** What `__ladder()` resolves to. */
export interface LaddersResult {
  adapter: string;
  vendor: string;
  architecture: string;
  is_software: boolean;
  ladders: LadderResult[];
}
