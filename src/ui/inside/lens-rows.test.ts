import { expect, it } from "vitest";
import { answerOf, lensRows } from "./lens-rows.ts";

const candidates = (...ids: number[]) => ids.map((id, rank) => ({ id, logit: -rank, probability: 0.1 }));

it("marks where the answer leads for the first time, though it may fall back", () => {
  const lens = [candidates(7, 3), candidates(3, 7), candidates(7, 3), candidates(3, 9)];
  expect(answerOf({ lens })).toBe(3);
  expect(lensRows({ lens }).map(({ name, leadsFirst }) => [name, leadsFirst])).toEqual([
    ["embedding", false],
    ["block 0", true],
    ["block 1", false],
    ["block 2", false],
  ]);
});
