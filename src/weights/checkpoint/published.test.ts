import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { collectWeights } from "../../test/checkpoint-fixture.ts";
import { checkpointFile } from "../../test/checkpoint-maker.ts";
import { recipes } from "../../test/checkpoint-recipes.ts";
import { FakeCaches } from "../../test/fake-caches.ts";
import { honest, RawServer } from "../../test/raw-server.ts";
import { checkpointWeights } from "./checkpoint.ts";
import { patient } from "./download/policy.ts";
import { FileHash } from "./file-hash.ts";

// A small checkpoint stands in for a published one: what is done with a file whose SHA-256 is known beforehand.

const url = vi.hoisted(() => "https://huggingface.co/course/small/resolve/0/model.safetensors");
vi.mock("./published-models.ts", async () => {
  const { checkpointReference } = await import("../../test/checkpoint-fixture.ts");
  const { sha256, bytes } = checkpointReference("small");
  const small = { id: "course/small", label: "small", url, n_heads: 4, bytes, sha256 };
  return {
    publishedModels: [small],
    publishedAt: (address: string) => (address === small.url ? small : undefined),
    publishedAs: (hash: string | undefined) => (hash === small.sha256 ? small : undefined),
  };
});

const file = new Uint8Array(await checkpointFile(recipes.small).arrayBuffer());
/** The same header, other weights: a fine-tuned model of the same size. */
const tuned = file.slice();
tuned[tuned.length - 4]! ^= 1;

let server: RawServer;
let served: Uint8Array;
let options: { fetch: typeof fetch; policy: typeof patient };
beforeEach(async () => {
  vi.stubGlobal("caches", new FakeCaches());
  served = file;
  server = new RawServer((request) => honest(served, request));
  const host = await server.listen();
  options = {
    fetch: (address, init) => fetch(address === url ? `${host}/` : address, init),
    policy: { ...patient, attempts: 1 },
  };
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

test("a published address needs no config.json, and is known by its bytes once all of them came", async () => {
  const source = await checkpointWeights(url, options);
  expect(source.config.n_heads).toBe(4);
  expect(source.published).toBeUndefined();
  await collectWeights(source);
  expect(source.published?.id).toBe("course/small");
  await server.close();
  const again = await checkpointWeights(url, options); // from the cache, where it was complete
  await collectWeights(again);
  expect(again.published?.id).toBe("course/small");
});

test("other bytes under a published address are thrown away", async () => {
  served = tuned;
  const source = await checkpointWeights(url, options);
  await expect(collectWeights(source)).rejects.toMatchObject({ rule: "sha256-mismatch" });
  expect(source.published).toBeUndefined();
  served = file;
  const good = await checkpointWeights(url, options);
  expect((await collectWeights(good)).size).toBeGreaterThan(20);
});

describe("a mirror that", () => {
  let mirror: RawServer;
  let copy: Uint8Array | undefined;
  let mirrors: string[];
  const avoid = new Set<string>();
  beforeEach(async () => {
    mirror = new RawServer((request) => (copy ? honest(copy, request) : { status: 404 }));
    mirrors = [`${await mirror.listen()}/copy/model.safetensors`];
    avoid.clear();
  });
  afterEach(() => mirror.close());
  const load = async (notes: string[] = []) =>
    collectWeights(
      await checkpointWeights(url, { ...options, mirrors, avoid, onNote: (note) => notes.push(note) }),
    );

  test.each([
    ["has other weights", tuned, "sha256-mismatch"],
    ["has a broken header", file.slice().fill(0xff, 20, 84), "header-not-utf8"],
    ["has values that are no numbers", file.slice().fill(0xff, file.length - 64), "not-finite"],
  ])("%s is named, and left out of the next attempt", async (_, other, rule) => {
    copy = other;
    const notes: string[] = [];
    await expect(load(notes)).rejects.toMatchObject({ rule });
    expect([...avoid]).toEqual(mirrors);
    expect(notes).toEqual([expect.stringContaining(mirrors[0]!)]);
    expect(server.requests).toEqual([]);
    const before = mirror.requests.length;
    expect((await load()).size).toBeGreaterThan(20);
    expect(mirror.requests).toHaveLength(before);
  });

  test("sent nothing is not blamed for what the file's own address sent", async () => {
    copy = undefined;
    served = tuned;
    await expect(load()).rejects.toMatchObject({ rule: "sha256-mismatch" });
    expect(avoid.size).toBe(0);
  });
});

test("a local file is known by its bytes, and one of the same size is not mistaken for it", async () => {
  const config = { n_heads: 4 };
  const local = await checkpointWeights(new Blob([file]), { config });
  await collectWeights(local);
  expect(local.published?.id).toBe("course/small");
  const other = await checkpointWeights(new Blob([tuned]), { config });
  await collectWeights(other);
  expect(other.published).toBeUndefined();
});

test("the hash of pieces is the hash of the whole", async () => {
  for (const size of [0, 1, 63, 64, 65, 600_000, file.byteLength]) {
    const hash = new FileHash();
    for (const piece of [file.subarray(0, size / 3), file.subarray(size / 3, size)]) await hash.update(piece);
    expect(hash.digest()).toBe(createHash("sha256").update(file.subarray(0, size)).digest("hex"));
  }
});
