import { expect, it } from "vitest";
import { residual } from "./residual.ts";

it("adds element by element", () => {
  expect([...residual([1, -2, 0.5], [10, 2, 0.25])]).toEqual([11, 0, 0.75]);
});
