import { expect, it } from "vitest";
import { axisEnd, normRows } from "./norm-summary.ts";

it("says of each depth how long the vectors are", () => {
  const residualNorms = [Float32Array.of(3, 1, 2), Float32Array.of(4, 8, 6)];
  expect(normRows({ residualNorms })).toEqual([
    { name: "embedding", least: 1, mean: 2, most: 3, last: 2 },
    { name: "block 0", least: 4, mean: 6, most: 8, last: 6 },
  ]);
});

it.each([
  [39.8, 40],
  [50, 60],
  [61, 80],
  [0.12, 0.12],
  [0.13, 0.16],
  [1, 1],
  [3120, 4000],
])("an axis to %d ends at %d", (value, end) => expect(axisEnd(value)).toBeCloseTo(end, 9));
