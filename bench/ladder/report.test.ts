import { expect, it } from "vitest";
import { reportLadders } from "./report.ts";

it("names the adapter, and sets every rung in relation to the first", () => {
  const text = reportLadders({
    adapter: "some GPU",
    vendor: "some",
    architecture: "",
    is_software: true,
    ladders: [
      {
        title: "a product",
        rungs: [
          { name: "naive", file: "naive.wgsl", ms: 120 },
          { name: "better", file: "better.wgsl", ms: 40 },
          { name: "worse", file: "worse.wgsl", ms: 480 },
        ],
      },
    ],
  });
  const lines = text.split("\n");
  expect(lines[0]).toBe("some GPU, a GPU in software. Every rung was checked before it was timed.");
  expect(lines[2]).toBe("a product");
  expect(lines.slice(3).map((line) => line.trim().split(/\s+/))).toEqual([
    ["naive", "120", "ms", "1.00x", "naive.wgsl"],
    ["better", "40.0", "ms", "3.00x", "better.wgsl"],
    ["worse", "480", "ms", "0.250x", "worse.wgsl"],
  ]);
});
