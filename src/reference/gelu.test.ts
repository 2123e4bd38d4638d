import { expect, it } from "vitest";
import { expectClose } from "../test/matchers.ts";
import { randomValues } from "../test/values.ts";
import { gelu } from "./gelu.ts";

it("has the values of the tanh form", () => {
  // tanh z = (e^2z - 1) / (e^2z + 1) at z = sqrt(2 / pi) * 1.044715 for x = 1
  const e = Math.exp(2 * Math.sqrt(2 / Math.PI) * 1.044715);
  expectClose(gelu([0, 1]), [0, e / (e + 1)], { abs: 1e-15 });
  expect(gelu([1])[0]).not.toBeCloseTo(0.8413447, 5); // the exact form, x * Phi(x)
  expect(gelu([1])[0]).toBeCloseTo(0.8413447, 3);
});

it("passes large values through and stops large negative ones, without NaN", () => {
  expect([...gelu([1e3, 3e4])]).toEqual([1e3, 3e4]);
  expectClose(gelu([-1e3, -3e4, -89]), [0, 0, 0], {});
});

it("is x plus the value at -x", () => {
  const x = randomValues(200, 1).map((v) => 6 * v);
  expectClose(
    gelu(x),
    gelu(x.map((v) => -v)).map((v, i) => v + x[i]),
    { abs: 1e-14 },
  );
});
