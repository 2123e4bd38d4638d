import { expect, test } from "vitest";
import { faultsOf, summary } from "./visit.ts";

const right = { one: "matmulRegister", few: "matmulRegister", many: "matmul", attention: "workgroup" };

test("a visit is summed up by the wait for the model and the median of the waits for tokens", () => {
  const times = { play: 100, ready: 3100, tokens: [3400, 3600, 3790, 9000, 9150] };
  expect(summary(right, times)).toEqual({ choice: right, readyMs: 3000, tokenMs: 200 });
});

test("a visit that is right has no faults", () => {
  expect(faultsOf({ choice: { ...right }, readyMs: 4000, tokenMs: 250 }, right)).toEqual([]);
});

test("another kernel, a long wait, slow tokens and what is not known are faults", () => {
  expect(faultsOf({ choice: { ...right, one: "matvec" }, readyMs: 4001, tokenMs: 3500 }, right)).toEqual([
    "one: matvec instead of matmulRegister",
    "ready after 4001 ms",
    "a token takes 3500 ms",
  ]);
  expect(faultsOf({ choice: {}, readyMs: Number.NaN, tokenMs: Number.NaN }, {})).toHaveLength(3);
});
