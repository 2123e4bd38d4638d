import { expect, test } from "vitest";
import { cdp } from "vitest/browser";
import { checkpointFile } from "../test/checkpoint-maker.ts";
import { recipes } from "../test/checkpoint-recipes.ts";
import { checkpointWeights } from "./checkpoint/checkpoint.ts";

// How much JavaScript memory a checkpoint takes on its way, dead buffers included, in the browser itself. The file has
// a matrix as large as the largest of GPT-2 XL, 41 MB.

const MOST = 64e6;
const file = checkpointFile(recipes.wide);
const url = "https://course.invalid/wide/model.safetensors";

/** Heap and array buffers of this page. */
async function usedBytes(): Promise<number> {
  const usage = (await cdp().send("Runtime.getHeapUsage")) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  return usage.usedSize + (usage.backingStorageSize ?? Number.NaN);
}

const address = URL.createObjectURL(file);
/** The browser's own network stack serves the file, ranges and all. */
const serve: typeof fetch = (input, init) =>
  `${input}` === url ? fetch(address, init) : Promise.resolve(new Response("", { status: 404 }));

test.each([
  ["a local file", file],
  ["a download into the cache", url],
  ["the cache", url],
])("%s takes at most 64 MB", async (what, source) => {
  if (what !== "the cache") await caches.delete("next-token-models");
  await cdp().send("HeapProfiler.collectGarbage");
  const before = await usedBytes();
  let [peak, bytes] = [0, 0];
  const weights = await checkpointWeights(source, { fetch: serve });
  for await (const { data } of weights.chunks()) {
    bytes += data.byteLength;
    peak = Math.max(peak, (await usedBytes()) - before);
  }
  console.log(`${what}: ${(peak / 1e6).toFixed(1)} MB at most`);
  expect(bytes).toBe(weights.totalBytes);
  expect(peak).toBeGreaterThan(41e6); // or the measurement sees nothing
  expect(peak).toBeLessThan(MOST);
  if (what === "the cache") await caches.delete("next-token-models");
});
