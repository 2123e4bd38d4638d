import { expect, it } from "vitest";
import { applyKeep, dropout, keepMask } from "./dropout.ts";

const M = 2n ** 31n - 1n;

/** The stream written out in integers of any size: x, A x, A^2 x ... mod 2^31 - 1, over 2^31 - 1. */
function uniforms(length: number, seed: number): number[] {
  let x = BigInt(seed) % M || 1n;
  return Array.from({ length }, () => {
    const u = Number(x) / Number(M);
    x = (1132489760n * x) % M;
    return u;
  });
}

it.each([0, 1, 12345, 2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])(
  "follows MCG31m1 from seed %i",
  (seed) => {
    for (const p of [0.1, 0.5]) {
      const expected = uniforms(5000, seed).map((u) => (u < 1 - p ? 1 : 0));
      expect([...keepMask(5000, seed, p)]).toEqual(expected);
    }
  },
);

it("begins with the seed itself", () => {
  const justBelow = Math.floor(0.9 * (2 ** 31 - 1)); // u = 0.9 - 5e-10
  expect(keepMask(1, justBelow, 0.1)[0]).toBe(1);
  expect(keepMask(1, justBelow + 1, 0.1)[0]).toBe(0);
});

it("takes 0, and what is 0 mod 2^31 - 1, as 1", () => {
  expect(keepMask(1000, 0, 0.3)).toEqual(keepMask(1000, 1, 0.3));
  expect(keepMask(1000, 2 ** 31 - 1, 0.3)).toEqual(keepMask(1000, 1, 0.3));
});

it("drops about the share p", () => {
  const kept = keepMask(100_000, 42, 0.1).reduce((sum, v) => sum + v, 0);
  expect(Math.abs(kept - 90_000)).toBeLessThan(475); // five standard deviations
});

it("divides what it keeps by 1 - p and zeroes the rest", () => {
  expect([...applyKeep([1, 2, 3, 4], [1, 0, 0, 1], 0.5)]).toEqual([2, 0, 0, 8]);
  expect([...dropout([3, 3, 3, 3, 3, 3], 7, 0.25)]).toEqual(
    [...keepMask(6, 7, 0.25)].map((keep) => 4 * keep),
  );
});
