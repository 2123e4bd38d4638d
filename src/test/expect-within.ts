import { expect } from "vitest";

/** What a result should be, and how far each of its values may be from it. */
export interface Bounded {
  expected: ArrayLike<number>;
  bound: ArrayLike<number>;
}

/**
 * Fails unless every value is a number within its own bound of the expected one; names the element that misses its
 * bound most. A bound of 0 asks for equality.
 *
 * @returns the largest share of its bound that any element uses up, for a test that reports it
 */
export function expectWithin(actual: ArrayLike<number>, { expected, bound }: Bounded): number {
  if (actual.length !== expected.length || bound.length !== expected.length || expected.length === 0) {
    throw new Error(
      `${actual.length} values cannot be compared with ${expected.length} within ${bound.length} bounds.`,
    );
  }
  let worst = 0;
  let share = -1;
  for (let i = 0; i < expected.length; i++) {
    if (!(bound[i] >= 0 && bound[i] < Infinity)) throw new Error(`Element ${i} has the bound ${bound[i]}.`);
    const difference = Math.abs(actual[i] - expected[i]);
    const used = difference === 0 ? 0 : difference / bound[i];
    if (!(used <= share)) {
      worst = i;
      share = Number.isNaN(used) ? Infinity : used; // NaN is infinitely far from any number
    }
  }
  const report = `element ${worst} of ${expected.length} is ${actual[worst]}, expected ${expected[worst]} within ${bound[worst]}`;
  expect(share, report).toBeLessThanOrEqual(1);
  return share;
}

/** Fails unless every value equals the expected one. */
export function expectSame(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expectWithin(actual, { expected, bound: new Float64Array(expected.length) });
}
