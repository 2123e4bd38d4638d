import { expect, it } from "vitest";
import { expectClose } from "../test/matchers.ts";
import { randomValues } from "../test/values.ts";
import { argmax } from "./argmax.ts";
import { topK } from "./top-k.ts";

it("lists the likeliest tokens first, with probabilities over the whole vocabulary", () => {
  const logits = [1, 4, 3, 2].map(Math.log); // probabilities 0.1, 0.4, 0.3, 0.2
  const [row] = topK(logits, 4, 2);
  expect(row.map((c) => c.id)).toEqual([1, 2]);
  expect(row.map((c) => c.logit)).toEqual([Math.log(4), Math.log(3)]);
  expectClose(
    row.map((c) => c.probability),
    [0.4, 0.3],
    { abs: 1e-15 },
  );
});

it("puts the lower id first where logits are equal", () => {
  expect(topK([5, 6, 5, 6, 5], 5, 4)[0].map((c) => c.id)).toEqual([1, 3, 0, 2]);
});

it("treats each row alone and begins with its argmax", () => {
  const logits = randomValues(3 * 70, 1, { outliers: true });
  const rows = topK(logits, 70, 10);
  expect(rows.map((row) => row[0].id)).toEqual(argmax(logits, 70));
  expect(rows.map((row) => row.length)).toEqual([10, 10, 10]);
});

it("gives the whole vocabulary where k is larger, and the probabilities then sum to 1", () => {
  const [row] = topK(randomValues(6, 2), 6, 10);
  expect(row.map((c) => c.id).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(row.reduce((sum, c) => sum + c.probability, 0)).toBeCloseTo(1, 14);
});
