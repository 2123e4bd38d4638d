import type { Candidate, Inspection } from "../../index.ts";
import { depthName } from "./norm-summary.ts";

export interface LensRow {
  name: string;
  candidates: readonly Candidate[];
  /** Whether what the whole model says leads here for the first time. */
  leadsFirst: boolean;
}

/** The lens from the embedding to the last block, whose first candidate is the answer. */
export function lensRows({ lens }: Pick<Inspection, "lens">): LensRow[] {
  const answer = answerOf({ lens });
  const first = lens.findIndex(([best]) => best!.id === answer);
  return lens.map((candidates, depth) => ({
    name: depthName(depth),
    candidates,
    leadsFirst: depth === first,
  }));
}

export const answerOf = ({ lens }: Pick<Inspection, "lens">): number => lens.at(-1)![0]!.id;
