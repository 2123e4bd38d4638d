import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { dict, int, pickle, tensor, text } from "../../../test/pickle-bytes.ts";
import { archived } from "../../../test/pytorch-file.ts";
import { zipFile } from "../../../test/zip-file.ts";
import { BlobSource } from "../blob-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { openTensors } from "../open-tensors.ts";
import { MAX_PICKLE_BYTES } from "./pickle-reader.ts";

// Nothing may be allocated by what a file claims, and no few bytes of it may take long.
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** A pickle as large as is read: a beginning, then the same again and again. */
function full(start: number[], again: number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(MAX_PICKLE_BYTES);
  bytes.set([0x80, 2, ...start]);
  for (let at = 2 + start.length; at + again.length <= bytes.length; at += again.length) bytes.set(again, at);
  return bytes;
}

const [KEEP, KEPT] = [
  [0x71, 0],
  [0x68, 0],
];
const long = text("n".repeat(2 ** 20));
const hostile: [what: string, bytes: Uint8Array][] = [
  ["dicts without end", full([], [0x7d])],
  ["dicts with one thing in each", full([...int(1), ...KEEP], [0x7d, ...KEPT, ...KEPT, 0x73])],
  ["lists without end", full([], [0x5d])],
  ["marks without end", full([], [0x28])],
  ["texts of a megabyte, again and again", full([...long, ...KEEP], [...KEPT, 0x30])],
  ["tuples in tuples", full([0x29], [0x85])],
  ["a tuple of itself, twice each time", full([0x29], [...KEEP, ...KEPT, 0x86])],
  ["a text that claims four gigabytes", full([0x58, 255, 255, 255, 255], [0])],
  ["numbers of 255 bytes", full([], [0x8a, 255, ...new Uint8Array(255).fill(255)])],
  ["a name of a megabyte for a tensor", pickle(dict([long, tensor({ shape: [4] })]))],
  ["a tensor of a terabyte", pickle(dict([text("w"), tensor({ length: 2 ** 40, shape: [2 ** 40] })]))],
];

test.each(hostile)("%s: little memory, and not for long", async (what, bytes) => {
  const files = archived(int(0), { 0: new Uint8Array(16) });
  const file = zipFile(files.map((file, i) => (i === 0 ? { ...file, bytes } : file)));
  const source = new BlobSource(new Blob([file]));
  collectGarbage();
  const used = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  const [before, start] = [used(), performance.now()];
  await expect(openTensors(source)).rejects.toThrow(CheckpointError);
  const [grown, took] = [used() - before, performance.now() - start];
  console.log(`${what}: ${(grown / 2 ** 20).toFixed(1)} MiB, ${took.toFixed(0)} ms`);
  expect(grown).toBeLessThan(64 * 2 ** 20);
  expect(took).toBeLessThan(5000);
});
