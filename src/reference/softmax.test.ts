import { expect, it } from "vitest";
import { expectClose } from "../test/matchers.ts";
import { randomValues } from "../test/values.ts";
import { softmax } from "./softmax.ts";

it("shares 1 among the values of each row in proportion to their exponentials", () => {
  const x = [Math.log(1), Math.log(2), Math.log(5), 4, 4, 4];
  expectClose(softmax(x, 3), [1 / 8, 2 / 8, 5 / 8, 1 / 3, 1 / 3, 1 / 3], { abs: 1e-15 });
});

it("does not overflow, and does not change when a row is shifted", () => {
  expectClose(softmax([3e4, 3e4, -3e4], 3), [0.5, 0.5, 0], { abs: 1e-15 });
  const x = Float64Array.from(randomValues(50, 1));
  expectClose(
    softmax(
      x.map((v) => v + 1000),
      10,
    ),
    softmax(x, 10),
    { abs: 1e-13 },
  );
});

it("sums to 1 in each row", () => {
  const y = softmax(randomValues(3 * 101, 2, { outliers: true }), 101);
  for (const start of [0, 101, 202]) {
    expect(y.subarray(start, start + 101).reduce((sum, v) => sum + v)).toBeCloseTo(1, 13);
  }
});
