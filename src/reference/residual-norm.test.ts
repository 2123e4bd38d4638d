import { expect, it } from "vitest";
import { residualNorm } from "./residual-norm.ts";

it("is the length of each token's vector", () => {
  expect([...residualNorm([3, 4, 0, 0, -5, 12], 3)]).toEqual([5, 0, 13]);
});
