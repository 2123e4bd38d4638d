import { expect, it } from "vitest";
import { throughput } from "./throughput.ts";

const step = (milliseconds: number, isFirstOfRun = false) => ({
  ids: [1],
  top: [],
  chosen: [],
  sampling: undefined,
  logits: [],
  contextStart: 0,
  computed: 1,
  milliseconds,
  isFirstOfRun,
  ranWith: { kvCache: true, contextSize: 1024, ablate: [] },
});

it("tells the first token from the others", () => {
  expect(throughput([])).toBe("");
  expect(throughput([step(1900, true)])).toBe("First token after 1.9 s.");
  expect(throughput([step(1900, true), step(300), step(100)])).toBe(
    "First token after 1.9 s, then 5.0 tokens per second.",
  );
});

it("speaks of the latest run", () => {
  expect(throughput([step(1900, true), step(300), step(80, true), step(20)])).toBe(
    "First token after 80 ms, then 50 tokens per second.",
  );
});
