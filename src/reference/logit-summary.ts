/** What a row of logits looks like. */
export interface LogitSummary {
  min: number;
  max: number;
  /** How many logits lie in each of so many equal parts of [min, max]. */
  bins: number[];
  /** Of the softmax, in bits. */
  entropy: number;
  /** ln of the sum of e^logit. */
  logSumExp: number;
}

/**
 * @param logits [num_rows, vocab_size], finite
 * @param bins parts of [min, max]
 */
export function logitSummary(logits: Float32Array, vocab_size: number, bins: number): LogitSummary[] {
  return Array.from({ length: logits.length / vocab_size }, (_, row) =>
    summaryOfRow(logits.subarray(row * vocab_size, (row + 1) * vocab_size), bins),
  );
}

function summaryOfRow(logits: Float32Array, bins: number): LogitSummary {
  const min = logits.reduce((a, b) => Math.min(a, b));
  const max = logits.reduce((a, b) => Math.max(a, b));
  const counts = Array<number>(bins).fill(0);
  const perUnit = max > min ? bins / (max - min) : 0;
  let sum = 0; // of e^(logit - max), which cannot overflow
  let weighted = 0;
  for (const logit of logits) {
    counts[Math.min(bins - 1, Math.floor((logit - min) * perUnit))]++;
    const weight = Math.exp(logit - max);
    sum += weight;
    weighted += weight * (logit - max);
  }
  // -sum of p ln p, where ln p = (logit - max) - ln sum
  const entropy = (Math.log(sum) - weighted / sum) / Math.LN2;
  return { min, max, bins: counts, entropy, logSumExp: max + Math.log(sum) };
}
