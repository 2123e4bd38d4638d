import { expect, it } from "vitest";
import { reportBeside } from "./report.ts";
import type { TimedRun } from "./timed-run.ts";

const run = (context: number, prefill_ms: number, ...decode_ms: number[]): TimedRun => ({
  context,
  ids: [],
  prefill_ms,
  decode_ms,
});

it("prints medians over all rounds of a context, and how many times faster ours is", () => {
  const ours = [run(4, 200, 100, 300), run(64, 1000, 200), run(4, 400, 200, 200)];
  const peer = [run(4, 3000, 8000, 8000), run(64, 30_000, 5000), run(4, 3000, 8000, 9000)];
  expect(reportBeside(ours, { peer, again: ours }).split("\n")).toEqual([
    "| ms | next-token | peer | times faster | again | times faster |",
    "| --- | --- | --- | --- | --- | --- |",
    "| prefill of 4 | 300 (200 to 400) | 3000 (3000 to 3000) | 10.00 | 300 (200 to 400) | 1.00 |",
    "| prefill of 64 | 1000 (1000 to 1000) | 30000 (30000 to 30000) | 30.00 | 1000 (1000 to 1000) | 1.00 |",
    "| a token at context 4 | 200 (100 to 300) | 8000 (8000 to 9000) | 40.00 | 200 (100 to 300) | 1.00 |",
    "| a token at context 64 | 200 (200 to 200) | 5000 (5000 to 5000) | 25.00 | 200 (200 to 200) | 1.00 |",
  ]);
});
