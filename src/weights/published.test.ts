import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { collectWeights } from "../test/checkpoint-fixture.ts";
import { checkpointFile } from "../test/checkpoint-maker.ts";
import { recipes } from "../test/checkpoint-recipes.ts";
import { FakeCaches } from "../test/fake-caches.ts";
import { honest, RawServer } from "../test/raw-server.ts";
import { checkpointWeights } from "./checkpoint.ts";
import { patient } from "./download/policy.ts";
import { FileHash } from "./file-hash.ts";

// A small checkpoint stands in for a published one: what is done with a file whose SHA-256 is known beforehand.

const url = vi.hoisted(() => "https://huggingface.co/course/small/resolve/0/model.safetensors");
vi.mock("./published-models.ts", async () => {
  const { checkpointReference } = await import("../test/checkpoint-fixture.ts");
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
  options = { fetch: (_, init) => fetch(`${host}/`, init), policy: { ...patient, attempts: 1 } };
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
