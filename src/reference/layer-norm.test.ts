import { expect, it } from "vitest";
import { expectClose } from "../test/matchers.ts";
import { randomValues } from "../test/values.ts";
import { layerNorm } from "./layer-norm.ts";

it("divides by the root of the biased variance plus 1e-5, then scales and shifts", () => {
  // Row 0: mean 3, variance (4 + 0 + 4) / 3. Row 1: mean 0, variance 0.02 / 3, where the eps weighs in.
  const roots = [Math.sqrt(8 / 3 + 1e-5), Math.sqrt(0.02 / 3 + 1e-5)];
  const expected = [-2 / roots[0], 1, 6 / roots[0] - 1, -0.1 / roots[1], 1, 0.3 / roots[1] - 1];
  expectClose(layerNorm([1, 3, 5, -0.1, 0, 0.1], [1, 2, 3], [0, 1, -1]), expected, { abs: 1e-14 });
});

it("gives the shift where a row is constant", () => {
  expect([...layerNorm([7, 7, 7, 7], [1, 2, 3, 4], [5, 6, 7, 8])]).toEqual([5, 6, 7, 8]);
});

it("leaves each row with mean 0 and variance 1, whatever its offset", () => {
  const x = randomValues(96, 1).map((v) => 50 + 30 * v);
  const y = layerNorm(x, new Array(48).fill(1), new Array(48).fill(0));
  for (const row of [y.subarray(0, 48), y.subarray(48)]) {
    expect(row.reduce((sum, v) => sum + v)).toBeCloseTo(0, 12);
    expect(row.reduce((sum, v) => sum + v * v, 0) / 48).toBeCloseTo(1, 6); // short of 1 by eps / variance
  }
});
