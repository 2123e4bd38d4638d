import { expect, test } from "vitest";
import { cdp } from "vitest/browser";
import type { GPTConfig } from "../config.ts";
import { checkpointFile } from "../test/checkpoint-maker.ts";
import { recipes } from "../test/checkpoint-recipes.ts";
import { dict, type Pickled, tensor, text } from "../test/pickle-bytes.ts";
import { archived } from "../test/pytorch-file.ts";
import { zipFile } from "../test/zip-file.ts";
import { checkpointWeights } from "./checkpoint/checkpoint.ts";
import { parameters, sizeOf } from "./parameters.ts";
import type { WeightSource } from "./weight-source.ts";

// How much JavaScript memory a checkpoint takes on its way, in the browser itself. The file has
// a matrix as large as the largest of GPT-2 XL, 41 MB.

const MOST = 64e6;
/** With what is dead and not collected yet, which is the browser's to decide and differs from run to run. */
const MOST_WITH_DEAD = 1.25 * MOST;
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

const collect = () => cdp().send("HeapProfiler.collectGarbage");

/** The most that reading `weights` takes at any chunk, alone and with what is dead, and how many bytes came. */
async function measured(open: () => Promise<WeightSource>) {
  await collect();
  const before = await usedBytes();
  let [peak, withDead, bytes] = [0, 0, 0];
  const weights = await open();
  for await (const { data } of weights.chunks()) {
    bytes += data.byteLength;
    withDead = Math.max(withDead, (await usedBytes()) - before);
    await collect();
    peak = Math.max(peak, (await usedBytes()) - before);
  }
  expect(bytes).toBe(weights.totalBytes);
  return { peak, withDead };
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
  const { peak, withDead } = await measured(() => checkpointWeights(source, { fetch: serve }));
  console.log(
    `${what}: ${(peak / 1e6).toFixed(1)} MB at most, ${(withDead / 1e6).toFixed(1)} with what is dead`,
  );
  expect(withDead).toBeGreaterThan(41e6); // or the measurement sees nothing
  expect(peak).toBeLessThan(MOST);
  expect(withDead).toBeLessThan(MOST_WITH_DEAD);
  if (what === "the cache") await caches.delete("next-token-models");
});

test("a file of torch.save whose matrices lie the other way round takes at most 64 MB", async () => {
  const pth = transposedFile({ ...wide, drop_rate: 0.1, qkv_bias: false });
  const { peak, withDead } = await measured(() =>
    checkpointWeights(pth, { config: { n_heads: wide.n_heads } }),
  );
  console.log(
    `transposed: ${(peak / 1e6).toFixed(1)} MB at most, ${(withDead / 1e6).toFixed(1)} with what is dead`,
  );
  expect(withDead).toBeGreaterThan(16e6); // a band of a matrix
  expect(peak).toBeLessThan(MOST);
  expect(withDead).toBeLessThan(MOST_WITH_DEAD);
});

const {
  vocab_size,
  n_positions: context_length,
  n_embd: emb_dim,
  n_head: n_heads,
  n_layer: n_layers,
} = recipes.wide!;
const wide = { vocab_size, context_length, emb_dim, n_heads, n_layers };

/** Zeros, each matrix stored by columns. */
function transposedFile(config: GPTConfig): Blob {
  const storages: Record<string, Uint8Array> = {};
  const entries = parameters(config).map(({ name, shape }, index): [Pickled, Pickled] => {
    const key = String(index);
    storages[key] = new Uint8Array(4 * sizeOf(shape));
    const strides = shape.length === 2 ? [1, shape[0]!] : [1];
    return [text(name), tensor({ key, length: sizeOf(shape), shape, strides })];
  });
  return new Blob([zipFile(archived(dict(...entries), storages))]);
}
