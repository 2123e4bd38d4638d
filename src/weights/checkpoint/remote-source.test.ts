import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Progress } from "../../config.ts";
import { FakeCaches } from "../../test/fake-caches.ts";
import { honest, type RawAnswer, type RawRequest, RawServer } from "../../test/raw-server.ts";
import { f32Bytes, safetensorsFile } from "../../test/safetensors-file.ts";
import { randomValues } from "../../test/values.ts";
import type { DownloadPolicy } from "./download/policy.ts";
import { OVERLAP_BYTES } from "./download/tail.ts";
import { ModelCache } from "./model-cache.ts";
import { RemoteSource } from "./remote-source.ts";

const quick: DownloadPolicy = {
  attempts: 2,
  progressBytes: 1,
  firstWait: 1,
  maxWait: 2,
  maxRetryAfter: 100,
  answerTimeout: 2000,
  stallTimeout: 2000,
};
const PIECE_BYTES = 65536;
const made = (seed: number, values = 37_000) =>
  safetensorsFile([
    { name: "w", dtype: "F32", shape: [values], bytes: f32Bytes(randomValues(values, seed)) },
  ]);
/** Two pieces and a part of a third. */
const file = made(1);
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const sha256 = hashOf(file);

let caches: FakeCaches;
let server: RawServer;
let url: string;
let answer: (request: RawRequest) => RawAnswer;
beforeEach(async () => {
  caches = new FakeCaches();
  vi.stubGlobal("caches", caches);
  answer = (request) => honest(file, request);
  server = new RawServer((request) => answer(request));
  url = `${await server.listen()}/model.safetensors`;
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

interface Visit {
  sha256?: string;
  bytes?: number;
  signal?: AbortSignal;
}
/** What a visit of the page does: opens the file, reads it twice from the start as far as the header, then whole. */
async function visit({ sha256, bytes, signal }: Visit = {}) {
  const notes: string[] = [];
  const progress: Progress[] = [];
  const before = { requests: server.requests.length, sent: server.sent };
  const source = await RemoteSource.open({ url, sha256, bytes }, await ModelCache.open(), {
    policy: quick,
    pieceBytes: PIECE_BYTES,
    onNote: (note) => notes.push(note),
    onProgress: (at) => progress.push(at),
    ...(signal && { signal }),
  });
  for await (const _ of source.pieces(signal)) break;
  const hash = createHash("sha256");
  for await (const piece of source.pieces(signal)) hash.update(piece);
  return {
    source,
    notes,
    phases: [...new Set(progress.map(({ phase }) => phase))],
    last: progress.at(-1),
    hash: hash.digest("hex"),
    starts: server.requests.slice(before.requests).map(({ start }) => start),
  };
}
const pieceKeys = () => [...caches.entries.keys()].filter((key) => /\/\d+$/.test(key)).sort();

describe("the cache", () => {
  test("a second visit needs no network", async () => {
    const first = await visit({ sha256 });
    expect(first).toMatchObject({ hash: sha256, starts: [0], notes: [] });
    expect(first.phases).toEqual(["download", "cache"]);
    expect(first.source.sha256).toBe(sha256);
    await server.close();
    const second = await visit({ sha256 });
    expect(second).toMatchObject({ hash: sha256, starts: [], phases: ["cache"], notes: [] });
    expect(second.last).toEqual({ phase: "cache", loaded: file.byteLength, total: file.byteLength });
    expect(second.source.sha256).toBe(sha256);
  });

  test("so it is where no SHA-256 is known", async () => {
    expect((await visit()).hash).toBe(sha256);
    await server.close();
    expect(await visit()).toMatchObject({ hash: sha256, starts: [] });
  });

  test("a download that was cut keeps the pieces that were whole", async () => {
    const cutAt = 2 * PIECE_BYTES + 5000;
    answer = (request) =>
      request.start < cutAt
        ? { ...honest(file, request), fault: { kind: "close", after: cutAt - request.start } }
        : { status: 404 };
    await expect(visit({ sha256 })).rejects.toMatchObject({ code: "download-failed" });
    expect(pieceKeys()).toHaveLength(2);
    answer = (request) => honest(file, request);
    expect(await visit({ sha256 })).toMatchObject({
      hash: sha256,
      starts: [2 * PIECE_BYTES - OVERLAP_BYTES],
    });
  });

  test("a stump of a piece, or a damaged one, is never served", async () => {
    expect((await visit({ sha256 })).hash).toBe(sha256);
    for (const damage of [
      (body: Uint8Array<ArrayBuffer>) => body.slice(0, 1000),
      (body: Uint8Array<ArrayBuffer>) => body.with(17, body[17]! ^ 1) as Uint8Array<ArrayBuffer>,
    ]) {
      const entry = caches.entries.get(pieceKeys()[1]!)!;
      entry.body = damage(entry.body);
      await expect(visit({ sha256 })).rejects.toMatchObject({ rule: "file-cut" });
      expect(await visit({ sha256 })).toMatchObject({ hash: sha256, starts: [PIECE_BYTES - OVERLAP_BYTES] });
    }
  });

  test("a file that is not the published one is thrown away", async () => {
    const other = made(2);
    answer = (request) => honest(other, request);
    await expect(visit({ sha256 })).rejects.toMatchObject({ rule: "sha256-mismatch" });
    expect(caches.entries.size).toBe(0);
    answer = (request) => honest(file, request);
    expect((await visit({ sha256 })).hash).toBe(sha256);
  });

  test.each([
    ["another ETag", made(2), '"b"'],
    ["another length", made(2, 36_000), '"a"'],
    ["a length below what is kept", made(2, 1000), '"a"'],
  ])(
    "a file that changed between visits (%s) is an error once, and then starts anew",
    async (_, other, etag) => {
      const tagged = (bytes: Uint8Array, tag: string) => (request: RawRequest) => {
        const whole = honest(bytes, request);
        return { ...whole, headers: { ...whole.headers, etag: tag } };
      };
      const cutAt = PIECE_BYTES + 100;
      answer = (request) =>
        request.start === 0
          ? { ...tagged(file, '"a"')(request), fault: { kind: "close", after: cutAt - request.start } }
          : { status: 404 };
      await expect(visit()).rejects.toMatchObject({ code: "download-failed" });
      expect(pieceKeys()).toHaveLength(1);
      answer = tagged(other, etag);
      await expect(visit()).rejects.toThrow();
      expect(caches.entries.size).toBe(0);
      expect((await visit()).hash).toBe(hashOf(other));
    },
  );

  test("list and delete", async () => {
    const cache = (await ModelCache.open())!;
    expect(await cache.list()).toEqual([]);
    await visit({ sha256 });
    expect(await cache.list()).toEqual([
      { url, bytes: file.byteLength, cachedBytes: file.byteLength, complete: true },
    ]);
    caches.entries.delete(pieceKeys()[2]!);
    expect(await cache.list()).toMatchObject([{ cachedBytes: 2 * PIECE_BYTES }]);
    await cache.delete(`${url}2`);
    expect(await cache.list()).toHaveLength(1);
    await cache.delete(url);
    expect(caches.entries.size).toBe(0);
  });
});

describe("without room", () => {
  test("storage that is full: the model loads and says so, and what fitted is used", async () => {
    caches.quota = PIECE_BYTES + 10_000;
    const first = await visit({ sha256 });
    expect(first.hash).toBe(sha256);
    expect(first.notes).toEqual([expect.stringContaining("no room")]);
    expect(pieceKeys()).toHaveLength(1);
    expect(await visit({ sha256 })).toMatchObject({ hash: sha256, starts: [PIECE_BYTES - OVERLAP_BYTES] });
  });

  test("storage that is forbidden: the model loads and says so, and no byte is asked for twice", async () => {
    caches.forbidden = true;
    const first = await visit({ sha256 });
    expect(first).toMatchObject({ hash: sha256, starts: [0] });
    expect(first.notes).toEqual([expect.stringContaining("private window")]);
    expect(caches.entries.size).toBe(0);
  });

  test("no room for a single byte", async () => {
    caches.quota = 0;
    expect(await visit({ sha256 })).toMatchObject({ hash: sha256, starts: [0] });
  });
});

test("stopping in the middle leaves what is whole", async () => {
  const stop = new AbortController();
  answer = (request) => ({ ...honest(file, request), fault: { kind: "silence", after: PIECE_BYTES + 100 } });
  setTimeout(() => stop.abort(), 300);
  await expect(visit({ sha256, signal: stop.signal })).rejects.toMatchObject({ code: "aborted" });
  expect(pieceKeys()).toHaveLength(1);
  answer = (request) => honest(file, request);
  expect((await visit({ sha256 })).starts).toEqual([PIECE_BYTES - OVERLAP_BYTES]);
});
