import { expect, it } from "vitest";
import type { ProfiledDispatch } from "../../index.ts";
import { byBlock, byKernel, inAll, rateOf } from "./profile-summary.ts";

const dispatch = (kernel: string, module: string | undefined, bytes: number, microseconds?: number) =>
  ({ kernel, module, bytesRead: bytes, bytesWritten: 1, microseconds }) as ProfiledDispatch;

const step = [
  dispatch("embedding", "tok_emb", 9, 1),
  dispatch("matvec", "trf_blocks.0.att.W_qkv", 99, 10),
  dispatch("matvec", "trf_blocks.0.ff.layers.0", 199, 20),
  dispatch("matvec", "trf_blocks.10.att.W_qkv", 99, 10),
  dispatch("matvec", "tok_emb", 999, 0), // a tied head
  dispatch("argmax", undefined, 49, 4),
];

it("follows the model: before the blocks, each block, after them", () => {
  expect(
    byBlock(step).map(({ name, dispatches, bytes, microseconds }) => [
      name,
      dispatches.length,
      bytes,
      microseconds,
    ]),
  ).toEqual([
    ["before the blocks", 1, 10, 1],
    ["trf_blocks.0", 2, 300, 30],
    ["trf_blocks.10", 1, 100, 10],
    ["after the blocks", 2, 1050, 4],
  ]);
});

it("adds up by kernel, the slowest first, and by bytes where nothing was timed", () => {
  expect(byKernel(step).map(({ name }) => name)).toEqual(["matvec", "argmax", "embedding"]);
  const untimed = [dispatch("small", undefined, 1), dispatch("large", undefined, 2)];
  expect(byKernel(untimed).map(({ name, microseconds }) => [name, microseconds])).toEqual([
    ["large", undefined],
    ["small", undefined],
  ]);
});

it("adds up all, and divides only by a time that is there", () => {
  expect(inAll(step)).toMatchObject({ bytes: 1460, microseconds: 45 });
  expect(rateOf({ bytes: 3000, microseconds: 2 })).toBe(1.5);
  expect(rateOf({ bytes: 3000, microseconds: 0 })).toBeUndefined();
  expect(rateOf({ bytes: 3000, microseconds: undefined })).toBeUndefined();
});
