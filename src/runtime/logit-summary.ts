import { BINS, SUMMARY_WORDS } from "../kernels/logit-summary.ts";

/** What a row of logits looks like. */
export interface LogitSummary {
  readonly min: number;
  readonly max: number;
  /** How many logits lie in each of 48 equal parts of [min, max]. */
  readonly bins: readonly number[];
  /** Of the softmax, in bits: the number of yes-or-no questions that the choice is worth. */
  readonly entropy: number;
  /** ln of the sum of e^logit: what a logit is lowered by to become the logarithm of its probability. */
  readonly logSumExp: number;
}

/** The summaries of so many rows, from what the logit-summary kernel wrote: [num_rows, SUMMARY_WORDS] from word `first` on. */
export function readSummaries(bytes: ArrayBuffer, first: number, num_rows: number): LogitSummary[] {
  return Array.from({ length: num_rows }, (_, row) => {
    const at = 4 * (first + (row + 1) * SUMMARY_WORDS - BINS); // where the counts begin
    const [min, max, lnSum, entropy] = new Float32Array(bytes, at - 16, 4) as unknown as Numbers;
    return { min, max, bins: [...new Uint32Array(bytes, at, BINS)], entropy, logSumExp: max + lnSum };
  });
}

type Numbers = [min: number, max: number, lnSum: number, entropy: number];
