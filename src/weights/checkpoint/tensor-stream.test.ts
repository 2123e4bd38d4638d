import { describe, expect, test } from "vitest";
import type { Progress } from "../../config.ts";
import { collectWeights } from "../../test/checkpoint-fixture.ts";
import { checkpointFile } from "../../test/checkpoint-maker.ts";
import { recipes } from "../../test/checkpoint-recipes.ts";
import { MAX_CHUNK_BYTES } from "../weight-source.ts";
import { BlobSource } from "./blob-source.ts";
import { checkpointWeights } from "./checkpoint.ts";
import { readHeader } from "./read-header.ts";

const config = { n_heads: 4 };

describe("a NaN or an infinity in a weight is named", () => {
  const names = [
    "transformer.wte.weight",
    "transformer.h.1.attn.c_attn.weight",
    "transformer.h.0.mlp.c_proj.weight",
    "transformer.h.1.attn.c_attn.bias",
    "transformer.ln_f.bias",
  ];
  const bits = {
    F32: [0x7fc00000, 0x7f800000, 0xff800000, 0xffffffff],
    F16: [0x7e00, 0x7c00, 0xfc00, 0xffff],
    BF16: [0x7fc0, 0x7f80, 0xff80, 0xffff],
  };
  test.each([
    ["small", "F32"],
    ["f16", "F16"],
    ["bf16", "BF16"],
  ] as const)("in %s", async (recipe, dtype) => {
    const blob = checkpointFile(recipes[recipe]);
    const tensors = await readHeader(new BlobSource(blob));
    const size = dtype === "F32" ? 4 : 2;
    for (const [i, name] of names.entries()) {
      const { begin, end } = tensors.find((entry) => entry.name === name)!;
      const index = Math.floor(((end - begin) / size - 1) * (i / (names.length - 1))); // the first, the last, between
      const file = new Uint8Array(await blob.arrayBuffer());
      const odd = bits[dtype][i % 4];
      const view = new DataView(file.buffer, begin + index * size);
      if (dtype === "F32") view.setUint32(0, odd, true);
      else view.setUint16(0, odd, true);
      const source = await checkpointWeights(new Blob([file]), { config });
      const failed = expect(collectWeights(source)).rejects;
      await failed.toMatchObject({ code: "bad-checkpoint", rule: "not-finite", tensor: name });
      await failed.toThrow(`at index ${index}.`);
    }
  });
});

test("a checkpoint wider than a chunk comes in chunks of whole rows, at most 4 MiB each", async () => {
  const wide = { vocab_size: 1500, n_positions: 2, n_embd: 832, n_layer: 1, n_head: 13, seed: 9 };
  const source = await checkpointWeights(checkpointFile(wide));
  const sizes = new Map<string, number>();
  for await (const { name, shape, offset, data } of source.chunks()) {
    expect(data.byteLength).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
    const rowLength = shape.length > 1 ? shape[1] : 1;
    expect([offset % rowLength, data.length % rowLength]).toEqual([0, 0]);
    sizes.set(name, (sizes.get(name) ?? 0) + 1);
  }
  expect(sizes.get("tok_emb.weight")).toBe(2);
  expect(sizes.get("trf_blocks.0.ff.layers.0.weight")).toBe(3);
  expect(sizes.get("trf_blocks.0.att.W_key.weight")).toBe(1);
});

test("progress counts the bytes of the file to its end", async () => {
  const seen: Progress[] = [];
  const file = checkpointFile({ ...recipes.small, vocab_size: 50_000 });
  const source = await checkpointWeights(file, { config, onProgress: (progress) => seen.push(progress) });
  seen.length = 0;
  await collectWeights(source);
  expect(seen.length).toBe(Math.ceil(file.size / 2 ** 22));
  expect(seen.at(-1)).toEqual({ phase: "file", loaded: file.size, total: file.size });
  expect(seen.map(({ loaded }) => loaded)).toEqual(
    seen.map(({ loaded }) => loaded).toSorted((a, b) => a - b),
  );
});

describe("stopping", () => {
  test("by the signal, before and between chunks", async () => {
    const stop = new AbortController();
    const source = await checkpointWeights(checkpointFile(recipes.small), { config });
    const seen: string[] = [];
    const run = async () => {
      for await (const { name } of source.chunks(stop.signal)) {
        seen.push(name);
        if (seen.length === 5) stop.abort();
      }
    };
    await expect(run()).rejects.toMatchObject({ code: "aborted" });
    expect(seen).toHaveLength(5);
    await expect(run()).rejects.toMatchObject({ code: "aborted" });
    const opening = checkpointWeights(checkpointFile(recipes.small), { config, signal: stop.signal });
    await expect(opening).rejects.toMatchObject({ code: "aborted" });
  });

  test("by leaving the loop; a second pass starts from the first tensor again", async () => {
    const source = await checkpointWeights(checkpointFile(recipes.small), { config });
    for await (const _ of source.chunks()) break;
    expect((await collectWeights(source)).size).toBeGreaterThan(20);
  });
});

test("a file that changed since it was chosen is an error with a next step", async () => {
  const blob = checkpointFile(recipes.small);
  const source = await checkpointWeights(blob, { config });
  blob.slice = () => {
    const part = new Blob();
    part.arrayBuffer = () => Promise.reject(new DOMException("The file changed.", "NotReadableError"));
    return part;
  };
  await expect(collectWeights(source)).rejects.toMatchObject({ code: "file-unreadable" });
});

test("a file cut off anywhere never opens", async () => {
  const file = checkpointFile(recipes.small);
  for (const bytes of [0, 1, 7, 8, 9, 63, 64, 65, 2000, 100_000, file.size - 1]) {
    const opening = checkpointWeights(file.slice(0, bytes), { config });
    await expect(opening).rejects.toMatchObject({ code: "bad-checkpoint" });
  }
});
