import { expect, test } from "vitest";
import { excluded, testFiles } from "./files.ts";

const { taken, ofThePage, leftOut } = testFiles();

test("kernels, devices, models and the loop run on wgpu, and what draws a page does not", () => {
  expect(taken).toEqual(expect.arrayContaining(["kernels/linear.gpu.test.ts", "gpu/open-gpu.gpu.test.ts"]));
  expect(taken).toContain("kernels/autotune/autotune.gpu.test.ts");
  expect(taken).toContain("generate/notebook.parity.test.ts");
  expect(ofThePage).toEqual(
    expect.arrayContaining(["ui/next-token.gpu.test.ts", "weights/memory.gpu.test.ts"]),
  );
  expect(taken.filter((path) => !/\.(gpu|parity)\.test\.ts$/.test(path))).toEqual([]);
});

test("every file that is left out is there", () => {
  expect(leftOut.map((path) => `src/${path}`).sort()).toEqual([...excluded].sort());
});
