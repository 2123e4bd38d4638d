import { expect, it } from "vitest";
import type { BenchResult } from "../measure/result.ts";
import { ratios, reportRatios } from "./ratios.ts";

const result = (figures: Partial<BenchResult>) => figures as BenchResult;

it("divides round by round, so that a slow spell of the machine falls on both sides", () => {
  const before = [10, 100, 12].map((decode_ms_per_token) => result({ decode_ms_per_token }));
  const after = [5, 50, 4].map((decode_ms_per_token) => result({ decode_ms_per_token }));
  expect(ratios(before, after)).toEqual([
    { field: "decode_ms_per_token", before: 12, after: 5, median: 2, min: 2, max: 3 },
  ]);
});

it("compares times alone, and only those that both sides have", () => {
  const before = [result({ load_ms: 9, prefill4_ms: null, dispatches_per_token: 99 })];
  const after = [result({ load_ms: 3, prefill4_ms: 4, dispatches_per_token: 62, first_token_ms: 5 })];
  expect(ratios(before, after).map(({ field, median }) => [field, median])).toEqual([["load_ms", 3]]);
});

it("prints before, after, and how far to trust the ratio", () => {
  const [header, row] = reportRatios(
    [{ field: "decode_ms_per_token", before: 12, after: 5, median: 2, min: 1.9, max: 3 }],
    "0123456789abcdef",
  ).split("\n");
  expect(header).toMatch(/0123456789ab +working tree/);
  expect(row).toMatch(/^decode_per_token +12\.0 +5\.00 +2\.00 +1\.90 to 3\.00$/);
});
