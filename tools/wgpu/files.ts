import { readdirSync } from "node:fs";
import { resolve } from "node:path";

// Which of the tests that need a GPU run in Deno, on wgpu. Found by folder: a new test is among them by itself.

/** The layers that talk to WebGPU. What lies above draws a page or needs a browser's clock, and weights never see a GPU. */
const layers = ["gpu", "kernels", "loading", "runtime", "generate"];

/** Left out for time, because what they add says nothing of a WebGPU implementation. */
const leftOut = {
  "runtime/split-tensors.gpu.test.ts": "the same kernels for many more lengths, each compiled anew",
  "runtime/self-test.gpu.test.ts": "a model for each of ten shaders that are wrong",
  "kernels/linear-vocabulary.gpu.test.ts":
    "the head of the notebook's model, which generate/notebook.parity.test.ts runs",
  "runtime/notebook.parity.test.ts": "generate/notebook.parity.test.ts compares its logits, too",
  "runtime/inspect.parity.test.ts": "runtime/inspect.gpu.test.ts runs the same kernels",
  "generate/default-limits.parity.test.ts":
    "the notebook's model once more, for an adapter that offers little",
};

export const included = [`src/{${layers.join(",")}}/**/*.{gpu,parity}.test.ts`];
export const excluded = Object.keys(leftOut).map((file) => `src/${file}`);

export interface Files {
  taken: string[];
  ofThePage: string[];
  leftOut: string[];
}

/** The tests that need a GPU, by what becomes of them here; paths as in `src`. */
export function testFiles(src = resolve(import.meta.dirname, "../../src")): Files {
  const found = readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.(gpu|parity)\.test\.ts$/.test(path))
    .sort();
  const files: Files = { taken: [], ofThePage: [], leftOut: [] };
  for (const path of found) {
    if (!layers.some((layer) => path.startsWith(`${layer}/`))) files.ofThePage.push(path);
    else if (path in leftOut) files.leftOut.push(path);
    else files.taken.push(path);
  }
  return files;
}
