/** Bars of the histogram. */
export const BINS = 48;

/** What the page keeps of the 50,257 logits of one row. */
export interface LogitSummary {
  min: number;
  max: number;
  /** How many logits lie in each of `BINS` equal parts of [min, max]. */
  bins: number[];
  /** Of the softmax, in bits: the number of yes-or-no questions that the choice is worth. */
  entropy: number;
  /** ln of the sum of e^logit: what a logit is lowered by to become the logarithm of its probability. */
  logSumExp: number;
}

/** @param logits [vocab_size], finite */
export function summarize(logits: Float32Array): LogitSummary {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const logit of logits) {
    if (logit < min) min = logit;
    if (logit > max) max = logit;
  }

  const bins = Array<number>(BINS).fill(0);
  const perUnit = max > min ? BINS / (max - min) : 0;
  let sum = 0; // of e^(logit - max), which cannot overflow
  let weighted = 0;
  for (const logit of logits) {
    bins[Math.min(BINS - 1, Math.floor((logit - min) * perUnit))]!++;
    const weight = Math.exp(logit - max);
    sum += weight;
    weighted += weight * (logit - max);
  }
  // -sum of p ln p, where ln p = (logit - max) - ln sum
  const entropy = (Math.log(sum) - weighted / sum) / Math.LN2;
  return { min, max, bins, entropy, logSumExp: max + Math.log(sum) };
}

/** The probability of a logit in the row that was summarized. */
export const probabilityOf = (logit: number, { logSumExp }: LogitSummary): number =>
  Math.exp(logit - logSumExp);
