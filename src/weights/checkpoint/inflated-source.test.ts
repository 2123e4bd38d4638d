import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { checkpointReference, collectWeights } from "../../test/checkpoint-fixture.ts";
import { checkpointFile } from "../../test/checkpoint-maker.ts";
import { recipes } from "../../test/checkpoint-recipes.ts";
import { BlobSource } from "./blob-source.ts";
import type { ByteSource } from "./byte-source.ts";
import { checkpointWeights } from "./checkpoint.ts";
import { inflatedSource } from "./inflated-source.ts";

async function text(source: ByteSource): Promise<string> {
  let all = "";
  for await (const piece of source.pieces()) all += new TextDecoder().decode(piece);
  return all;
}
const source = (bytes: Uint8Array<ArrayBuffer>) => new BlobSource(new Blob([bytes]));
const packed = (what: string | Uint8Array) => new Uint8Array(gzipSync(what));

/** A file that comes from its first byte to its last, in pieces of so many bytes that are used again. */
function arriving(bytes: Uint8Array, pieceBytes: number, fails = false) {
  const log = { closed: 0, forgotten: 0 };
  const buffer = new Uint8Array(pieceBytes);
  const source: ByteSource = {
    size: bytes.byteLength,
    sha256: undefined,
    async *pieces() {
      for (let at = 0; at < bytes.byteLength; at += pieceBytes) {
        if (fails && at > 0) throw new Error("the network is gone");
        const piece = bytes.subarray(at, at + pieceBytes);
        buffer.set(piece);
        yield buffer.subarray(0, piece.byteLength);
      }
    },
    close: async () => void log.closed++,
    forget: async () => void log.forgotten++,
  };
  return { source, log };
}

describe("a file that is not compressed", () => {
  test.each(["", "a", "safetensors"])("is itself: %j", async (content) => {
    const file = source(new TextEncoder().encode(content));
    expect(await inflatedSource(file)).toBe(file);
  });
});

describe("a file of gzip", () => {
  const long = "every effort moves you ".repeat(50_000);

  test("is what it was compressed from, any part of which can be read", async () => {
    const file = await inflatedSource(source(packed(long)));
    expect(file.size).toBe(long.length);
    expect(await text(file)).toBe(long);
    expect(new TextDecoder().decode(await file.read!(6, 12))).toBe("effort");
  });

  test("may come in pieces that are used again", async () => {
    const { source, log } = arriving(packed(long), 100);
    const file = await inflatedSource(source);
    expect(await text(file)).toBe(long);
    await file.close!();
    await file.forget!();
    expect(log).toEqual({ closed: 1, forgotten: 1 });
  });

  test.each([
    ["cut", (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, -20)],
    ["without its end", (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, 3)],
    [
      "damaged",
      (bytes: Uint8Array<ArrayBuffer>) =>
        bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 255 : byte)),
    ],
    ["with another sum", (bytes: Uint8Array<ArrayBuffer>) => bytes.with(-6, bytes.at(-6)! ^ 1)],
    ["with something behind it", (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array([...bytes, 1, 2, 3])],
  ])("that is %s is refused", async (_, change) => {
    const broken = inflatedSource(source(change(packed(long.slice(0, 5000) + Math.random()))));
    await expect(broken).rejects.toMatchObject({ code: "bad-checkpoint", rule: "gzip-broken" });
  });

  test("that is one of another gzip is refused", async () => {
    const twice = inflatedSource(source(packed(packed(long))));
    await expect(twice).rejects.toMatchObject({
      rule: "gzip-broken",
      message: expect.stringContaining("twice"),
    });
  });

  test("that says too much is refused at the bound, by its size", async () => {
    const bomb = inflatedSource(source(packed(new Uint8Array(20 << 20))), { most: 1 << 20 });
    await expect(bomb).rejects.toMatchObject({
      rule: "gzip-too-large",
      message: expect.stringContaining("1 MiB"),
    });
  });

  test("that cannot be read further throws what reading it threw", async () => {
    const { source } = arriving(packed(String(Array.from({ length: 900 }, Math.random))), 100, true);
    await expect(inflatedSource(source)).rejects.toThrow("the network is gone");
  });

  test("is a checkpoint like any other", async () => {
    const file = checkpointFile(recipes.small);
    const config = { n_heads: checkpointReference("small").n_head };
    const plain = await collectWeights(await checkpointWeights(file, { config }));
    const gzip = new Blob([packed(new Uint8Array(await file.arrayBuffer()))]);
    expect(gzip.size).toBeLessThan(file.size);
    const inflated = await collectWeights(await checkpointWeights(gzip, { config }));
    expect(inflated).toEqual(plain);
  });
});
