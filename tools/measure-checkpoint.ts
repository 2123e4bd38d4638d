/**
 * Makes a checkpoint on disk and streams it as the page does with a file that the user chose:
 *
 *     npx tsx tools/measure-checkpoint.ts 124M     (548 MB in a temporary directory)
 *     npx tsx tools/measure-checkpoint.ts wide     (one block as wide as GPT-2 XL's)
 *
 * Prints the time and the memory that is alive at most; what the browser needs, dead buffers included, is measured by
 * src/weights/memory.gpu.test.ts.
 */
import { mkdtempSync, openAsBlob, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { recipes } from "../src/test/checkpoint-recipes.ts";
import { checkpointWeights } from "../src/weights/checkpoint.ts";
import { makeCheckpoint } from "./make-checkpoint.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const aliveBytes = () => {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

const recipe = recipes[process.argv[2] ?? ""];
if (!recipe) {
  console.error("usage: measure-checkpoint.ts 124M|wide");
  process.exit(2);
}
const directory = mkdtempSync(join(tmpdir(), "checkpoint-"));
try {
  const made = await makeCheckpoint(recipe, directory);
  console.log(`file: ${made.bytes} bytes, SHA-256 ${made.sha256}`);
  const blob = await openAsBlob(join(directory, "model.safetensors"));
  const options = { config: { n_heads: recipe.n_head } };

  let [bytes, chunks] = [0, 0];
  const start = performance.now();
  for await (const { data } of (await checkpointWeights(blob, options)).chunks()) {
    bytes += data.byteLength;
    chunks++;
  }
  const seconds = (performance.now() - start) / 1000;

  const before = aliveBytes();
  let [most, seen] = [0, 0];
  for await (const _ of (await checkpointWeights(blob, options)).chunks())
    if (seen++ % 8 === 0) most = Math.max(most, aliveBytes() - before);
  console.log(
    `weights: ${mb(bytes)} in ${chunks} chunks, ${seconds.toFixed(2)} s, ${mb(most)} alive at most`,
  );
} finally {
  rmSync(directory, { recursive: true });
}
