/** A summary of repeated measurements. */
export interface Summary {
  median: number;
  min: number;
  max: number;
  /** (max - min) / median: how far to trust the median. */
  spread: number;
  /** How many measurements. */
  n: number;
}

/** Throws where there are no values, which have no median. */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new Error("There is nothing to summarize.");
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0]!, sorted.at(-1)!];
  const median = medianOfSorted(sorted);
  return { median, min, max, spread: median === 0 ? 0 : (max - min) / median, n: values.length };
}

export const median = (values: readonly number[]): number => summarize(values).median;

function medianOfSorted(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The largest number that divides all `ticks` (nanoseconds): the step of the clock that they were read from. */
export function clockStep(ticks: readonly bigint[]): bigint {
  return ticks.reduce(greatestCommonDivisor, 0n);
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
