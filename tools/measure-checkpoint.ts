/**
 * Makes a checkpoint on disk and streams it as the page does with a file that the user chose:
 *
 *     npx tsx tools/measure-checkpoint.ts 124M     (548 MB in a temporary directory)
 *
 * Prints the time, the SHA-256 and whether it is the file that PyTorch's ids in tools/parity/fixtures belong to. What
 * memory this takes is measured in the browser, by src/weights/memory.gpu.test.ts.
 */
import { mkdtempSync, openAsBlob, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recipes } from "../src/test/checkpoint-recipes.ts";
import { checkpointWeights } from "../src/weights/checkpoint/checkpoint.ts";
import { makeCheckpoint } from "./make-checkpoint.ts";

const name = process.argv[2] ?? "124M";
const recipe = recipes[name];
if (!recipe) throw new Error(`There is no recipe ${name}; there are ${Object.keys(recipes).join(", ")}.`);
const directory = mkdtempSync(join(tmpdir(), "checkpoint-"));
try {
  const made = await makeCheckpoint(recipe, directory);
  console.log(`file: ${made.bytes} bytes, SHA-256 ${made.sha256}`);
  const fixture = new URL(`parity/fixtures/checkpoint-${name}.json`, import.meta.url);
  const { sha256 } = JSON.parse(readFileSync(fixture, "utf8")) as { sha256: string };
  if (sha256 !== made.sha256) throw new Error(`PyTorch's numbers belong to another file, ${sha256}.`);

  const blob = await openAsBlob(join(directory, "model.safetensors"));
  let [bytes, chunks] = [0, 0];
  const start = performance.now();
  const source = await checkpointWeights(blob, { config: { n_heads: recipe.n_head } });
  for await (const { data } of source.chunks()) {
    bytes += data.byteLength;
    chunks++;
  }
  const seconds = (performance.now() - start) / 1000;
  const rate = made.bytes / 1e6 / seconds;
  console.log(
    `weights: ${bytes} of ${source.totalBytes} bytes in ${chunks} chunks, ${seconds.toFixed(2)} s, ${rate.toFixed(0)} MB/s`,
  );
} finally {
  rmSync(directory, { recursive: true });
}
