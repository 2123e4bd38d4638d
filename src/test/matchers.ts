import { expect } from "vitest";

/** Where two lists differ most. */
interface Worst {
  index: number;
  error: number;
}

/** How far apart two values may be: |actual - expected| <= abs + rel * |expected|. Both count as 0 when absent. */
export interface Tolerance {
  abs?: number;
  rel?: number;
}

/**
 * The place where |actual - expected| is largest; a value that is not a finite number counts as infinitely far away.
 * `budget` divides the difference, so that with a tolerance the worst element is the one that misses it most.
 */
function findWorst(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  budget: (expected: number) => number,
): Worst {
  if (actual.length !== expected.length) {
    throw new Error(`${actual.length} values cannot be compared with ${expected.length}.`);
  }
  if (expected.length === 0) throw new Error("Nothing to compare: both lists are empty.");
  let worst: Worst = { index: 0, error: -1 };
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i] - expected[i]);
    const finite = Number.isFinite(difference); // false also where either side is NaN or infinite
    const error = !finite ? Infinity : difference === 0 ? 0 : difference / budget(expected[i]);
    if (error > worst.error) worst = { index: i, error };
  }
  return worst;
}

/** The largest |actual - expected|; Infinity when any value on either side is NaN or infinite. */
export function maxAbsError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return findWorst(actual, expected, () => 1).error;
}

/**
 * Fails unless every value is finite and within the tolerance of the expected one, and then names the worst element.
 *
 * @returns the largest absolute error, for a test that reports it
 */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { abs = 0, rel = 0 }: Tolerance,
): number {
  if (!(abs >= 0 && rel >= 0 && abs + rel < Infinity)) {
    throw new Error(`abs ${abs} and rel ${rel} are no tolerance: give finite numbers of at least 0.`);
  }
  const { index, error } = findWorst(actual, expected, (value) => abs + rel * Math.abs(value));
  const report = `element ${index} of ${expected.length} is ${actual[index]}, expected ${expected[index]}: ${error} times the tolerance (abs ${abs}, rel ${rel})`;
  expect(error, report).toBeLessThanOrEqual(1);
  return maxAbsError(actual, expected);
}
