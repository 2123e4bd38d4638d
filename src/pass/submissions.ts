import type { DispatchInfo, Recording } from "../device/recording.ts";
import { operations } from "../kernels/operations.ts";

/** 100 ms on an adapter that does 10^11 a second. */
const MOST_OPERATIONS = 1e10;

/**
 * Where a pass over a long text is cut into submissions: the first dispatch of each but the first. While one runs, the
 * browser cannot draw, and some systems end one that takes seconds. A dispatch is never cut.
 */
export function submissionCuts(dispatches: readonly DispatchInfo[]): number[] {
  const cuts: number[] = [];
  let sum = 0;
  for (const [i, dispatch] of dispatches.entries()) {
    const more = operations(dispatch);
    if (sum > 0 && sum + more > MOST_OPERATIONS) {
      cuts.push(i);
      sum = 0;
    }
    sum += more;
  }
  return cuts;
}

/** Submits all dispatches, in as many submissions as that takes. */
export function runInSubmissions(recording: Recording): void {
  let first = 0;
  for (const end of [...submissionCuts(recording.dispatches), recording.dispatches.length]) {
    recording.run(first, end);
    first = end;
  }
}
