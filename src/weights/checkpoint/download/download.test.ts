import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { honest, type RawAnswer, type RawRequest, RawServer } from "../../../test/raw-server.ts";
import { f32Bytes, safetensorsFile } from "../../../test/safetensors-file.ts";
import { randomValues } from "../../../test/values.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { Download, type DownloadOptions, type RemoteFile } from "./download.ts";
import type { DownloadPolicy } from "./policy.ts";
import { OVERLAP_BYTES } from "./tail.ts";

const quick: DownloadPolicy = {
  attempts: 4,
  progressBytes: 1,
  firstWait: 1,
  maxWait: 4,
  maxRetryAfter: 1500,
  answerTimeout: 500,
  stallTimeout: 500,
};
const seed = Number(process.env.DOWNLOAD_SEED ?? Date.now() % 2 ** 31);
const file = safetensorsFile([
  { name: "w", dtype: "F32", shape: [75_000], bytes: f32Bytes(randomValues(75_000, 1)) },
]);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const servers: RawServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
/** A server that answers its requests one after the other with these, and then honestly. */
async function serve(...answers: ((request: RawRequest) => RawAnswer)[]) {
  const server = new RawServer((request) => (answers.shift() ?? ((r) => honest(file, r)))(request));
  servers.push(server);
  return { url: `${await server.listen()}/model.safetensors`, server };
}
async function download(remote: RemoteFile, options: DownloadOptions = {}, start = 0, signal?: AbortSignal) {
  const parts: Uint8Array[] = [];
  for await (const part of new Download(remote, { policy: quick, ...options }).from(start, signal))
    parts.push(part);
  return Buffer.concat(parts);
}
const withFault = (kind: "reset" | "close" | "silence", after: number) => (request: RawRequest) => ({
  ...honest(file, request),
  fault: { kind, after },
});

/** `fetch` as a page of another site has it: of the headers only those that every page may see. */
const ofAnotherSite =
  (visible = ["content-length", "content-type"]): typeof fetch =>
  async (...request) => {
    const { body, status, headers } = await fetch(...request);
    const shown = [...headers].filter(([name]) => visible.includes(name));
    return Object.defineProperty(new Response(body, { status, headers: shown }), "type", { value: "cors" });
  };

test("100 downloads, each cut at random places, have 100 right hashes", { timeout: 60_000 }, async () => {
  const draws = randomValues(1000, seed).values();
  const random = () => (draws.next().value! + 1) / 2;
  let right = 0;
  let cuts = 0;
  for (let i = 0; i < 100; i++) {
    const ranges = i % 4 !== 0; // every fourth server knows no ranges
    const faults = Array.from({ length: 1 + (i % 3) }, () => ({
      kind: random() < 0.5 ? ("reset" as const) : ("close" as const),
      after: Math.floor(random() * file.byteLength),
    }));
    cuts += faults.length;
    const { url } = await serve(
      ...faults.map((fault) => (request: RawRequest) => ({ ...honest(file, request, ranges), fault })),
      (request) => honest(file, request, ranges),
    );
    if (sha256(await download({ url })) === sha256(file)) right++;
  }
  console.log(`seed ${seed}: 100 downloads, ${cuts} cuts, ${right} right hashes`);
  expect(right).toBe(100);
});

describe("each network fault at several offsets", () => {
  const offsets = [0, 1, 7, 8, 63, 64, 1000, 150_000, file.byteLength - 1];
  const total = file.byteLength;
  const part = (request: RawRequest, first: number, size = total): RawAnswer => ({
    status: 206,
    headers: { "content-range": `bytes ${first}-${total - 1}/${size}` },
    body: file.subarray(request.start),
  });
  /** What happens to the request after the first was cut at the offset. */
  const faults: [name: string, answer: (request: RawRequest) => RawAnswer][] = [
    ["connection reset", withFault("reset", 0)],
    ["closed before the first byte", withFault("close", 0)],
    ["status 500", () => ({ status: 500 })],
    ["status 408", () => ({ status: 408 })],
    ["status 429 with Retry-After", () => ({ status: 429, headers: { "retry-after": "0" } })],
    ["status 503 with a date", () => ({ status: 503, headers: { "retry-after": new Date().toUTCString() } })],
    ["200: the file from its start again", (request) => honest(file, request, false)],
    [
      "200, cut again",
      (request) => ({ ...honest(file, request, false), fault: { kind: "close", after: 100_000 } }),
    ],
    ["206 without Content-Range", (request) => ({ status: 206, body: file.subarray(request.start) })],
  ];
  test.each(faults)("%s: recovers", async (_, fault) => {
    for (const offset of offsets) {
      const { url } = await serve(withFault("close", offset), fault);
      expect(sha256(await download({ url }))).toBe(sha256(file));
    }
  });

  /** Answers that this address must not be believed for; a mirror then serves. */
  const lies: [name: string, answer: (request: RawRequest) => RawAnswer][] = [
    ["404", () => ({ status: 404 })],
    ["403", () => ({ status: 403 })],
    ["416", () => ({ status: 416 })],
    ["206 of other bytes", (request) => part(request, request.start + 1)],
    ["206 of a longer file", (request) => part(request, request.start, total + 10)],
    ["200 of a shorter file", () => ({ status: 200, body: file.subarray(0, total - 10) })],
    [
      "a page with status 200",
      () => ({ status: 200, body: new TextEncoder().encode("<!DOCTYPE html>".padEnd(500)) }),
    ],
    ["Retry-After of an hour", () => ({ status: 429, headers: { "retry-after": "3600" } })],
  ];
  test.each(lies)("%s: goes on at the next address, without a byte lost or twice", async (_, lie) => {
    for (const offset of offsets) {
      const bad = await serve(withFault("close", offset), lie);
      const good = await serve();
      const bytes = await download({ mirrors: [bad.url], url: good.url, bytes: total });
      expect(sha256(bytes)).toBe(sha256(file));
      // Fewer than 64 bytes are held back until more show what kind of file they begin.
      expect(good.server.requests[0]?.start).toBe(offset < 64 ? 0 : Math.max(0, offset - OVERLAP_BYTES));
    }
  });

  test("no length: the file's own header says it, so that a cut is noticed", async () => {
    const noLength = (request: RawRequest) => ({
      ...honest(file, request, false),
      headers: { "content-length": "" },
    });
    for (const bytes of [undefined, total]) {
      const { url } = await serve(noLength);
      expect(sha256(await download({ url, bytes }))).toBe(sha256(file));
      const cuts = [5, 40, 100, 5000, total - 1].map((after) => ({ kind: "close" as const, after }));
      for (const fault of cuts) {
        const cut = await serve((request) => ({ ...noLength(request), fault }), noLength);
        expect(sha256(await download({ url: cut.url, bytes }))).toBe(sha256(file));
      }
    }
  });

  test("416 to every range although the file is as long as it was: read whole", async () => {
    const none = { status: 416, headers: { "content-range": `bytes */${total}` } };
    const { url, server } = await serve(withFault("close", 150_000), () => none);
    expect(sha256(await download({ url }))).toBe(sha256(file));
    expect(server.requests.map(({ start }) => start)).toEqual([0, 150_000 - OVERLAP_BYTES, 0]);
  });

  test("compressed on its way, cut too: read whole, never by ranges", async () => {
    const body = gzipSync(file);
    const packed = (): RawAnswer => ({ status: 200, headers: { "content-encoding": "gzip" }, body });
    const { url, server } = await serve(
      () => ({ ...packed(), fault: { kind: "close", after: 100_000 } }),
      packed,
    );
    expect(sha256(await download({ url }))).toBe(sha256(file));
    expect(server.requests.map(({ start }) => start)).toEqual([0, 0]);
  });

  test("a file of gzip from another site, which hides how long the parts are: its length is believed, a cut made good", async () => {
    const packed = gzipSync(file);
    const cut = (request: RawRequest): RawAnswer => ({
      ...honest(packed, request),
      fault: { kind: "close", after: 100_000 },
    });
    const { url, server } = await serve(cut, (request) => honest(packed, request));
    const fetched = await download({ url }, { fetch: ofAnotherSite() });
    expect(sha256(fetched)).toBe(sha256(packed));
    expect(server.requests).toHaveLength(2);

    const untold = await serve(...Array.from({ length: 9 }, () => (r: RawRequest) => honest(packed, r)));
    const refused = download({ url: untold.url }, { fetch: ofAnotherSite(["content-type"]) });
    await expect(refused).rejects.toThrow("it does not say how long the file is");
  });

  test("silence, before the answer and in the body, ends after the timeout and recovers", async () => {
    for (const offset of [0, 64, 150_000]) {
      const { url, server } = await serve(withFault("silence", offset));
      expect(sha256(await download({ url }))).toBe(sha256(file));
      expect(server.requests).toHaveLength(2);
    }
  });
});

describe("when no address serves", () => {
  test("the sentence names each server and its reason", async () => {
    const mirrors = [(await serve(() => ({ status: 404 }))).url];
    const { url } = await serve(() => ({ status: 403 }));
    const failed = expect(download({ url, mirrors })).rejects;
    await failed.toMatchObject({ code: "download-failed" });
    await failed.toThrow(/127\.0\.0\.1:\d+: it answered 404; 127\.0\.0\.1:\d+: it answered 403/);
  });

  test("a server that only ever cuts is given up after the attempts, not before", async () => {
    const cut = withFault("close", 0);
    const { url, server } = await serve(...Array.from({ length: 20 }, () => cut));
    await expect(download({ url })).rejects.toMatchObject({ code: "download-failed" });
    expect(server.requests).toHaveLength(quick.attempts);
  });

  test("a cut after progress does not count against the attempts", async () => {
    const cuts = Array.from({ length: 20 }, () => withFault("close", 1000));
    const { url, server } = await serve(...cuts);
    expect(sha256(await download({ url }))).toBe(sha256(file));
    expect(server.requests).toHaveLength(21);
  });

  test.each([
    ["html-page", "<!doctype html><title>Sign in</title>"],
    ["lfs-pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"],
    ["not-safetensors", `PK\u0003\u0004${"x".repeat(100)}`],
  ])("%s: the error says what it is", async (rule, text) => {
    const { url } = await serve(() => ({ status: 200, body: new TextEncoder().encode(text) }));
    const failed = expect(download({ url, bytes: 548_105_171 })).rejects;
    await failed.toBeInstanceOf(CheckpointError);
    await failed.toMatchObject({ rule });
  });

  test("a page that is sent without a length is still a page", async () => {
    const body = new TextEncoder().encode("<!doctype html><title>Sign in</title>");
    const { url } = await serve(() => ({ status: 200, headers: { "content-length": "" }, body }));
    await expect(download({ url })).rejects.toMatchObject({ rule: "html-page" });
  });

  test("a length other than the one known beforehand", async () => {
    const { url } = await serve();
    await expect(download({ url, bytes: file.byteLength + 1 })).rejects.toMatchObject({
      code: "download-failed",
    });
  });

  test("a server that cannot be reached", async () => {
    const { url, server } = await serve();
    await server.close();
    await expect(download({ url })).rejects.toMatchObject({ code: "download-failed" });
  });
});

test("a file that may have changed in the middle is noticed by its ETag, unless a SHA-256 will decide", async () => {
  const tagged = (tag: string, fault?: RawAnswer["fault"]) => (request: RawRequest) => {
    const answer = honest(file, request);
    return { ...answer, headers: { ...answer.headers, etag: tag }, ...(fault && { fault }) };
  };
  const cut = { kind: "close", after: 100_000 } as const;
  const { url } = await serve(tagged('"a"', cut), tagged('"b"'));
  await expect(download({ url })).rejects.toMatchObject({ rule: "file-changed" });
  const other = await serve(tagged('"a"', cut), tagged('"b"'));
  expect(await download({ url: other.url, sha256: sha256(file) })).toHaveLength(file.byteLength);
});

test("the wait that a server asks for is kept", async () => {
  const waits: number[] = [];
  const { url } = await serve(() => ({ status: 429, headers: { "retry-after": "1" } }));
  const start = performance.now();
  await download({ url }, { onWait: (wait) => waits.push(wait) });
  expect(waits).toEqual([1000]);
  expect(performance.now() - start).toBeGreaterThan(990);
});

test("requests carry a plain range, credentials for their own site alone, and no referrer or cache", async () => {
  const { url } = await serve(withFault("close", 50_000));
  const asked: RequestInit[] = [];
  const spy: typeof fetch = (input, init) => {
    asked.push(init ?? {});
    return fetch(input, init);
  };
  await download({ url }, { fetch: spy });
  expect(asked.map(({ headers }) => headers)).toEqual([
    { Range: "bytes=0-" },
    { Range: `bytes=${50_000 - OVERLAP_BYTES}-` },
  ]);
  for (const init of asked)
    expect(init).toMatchObject({
      credentials: "same-origin",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
});

describe("stopping", () => {
  test.each([
    [
      "before the answer",
      () => ({ status: 200, headers: { "content-length": 10 }, fault: { kind: "silence", after: 0 } }),
    ],
    ["in the body", withFault("silence", 150_000)],
    ["while waiting to try again", () => ({ status: 429, headers: { "retry-after": "1" } })],
  ] as [string, (request: RawRequest) => RawAnswer][])("%s", async (_, answer) => {
    const { url } = await serve(answer);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const start = performance.now();
    await expect(download({ url }, {}, 0, stop.signal)).rejects.toMatchObject({ code: "aborted" });
    expect(performance.now() - start).toBeLessThan(400);
  });

  test("by leaving the loop, which ends the request", async () => {
    const { url } = await serve(withFault("silence", 150_000));
    const signals: (AbortSignal | null | undefined)[] = [];
    const spy: typeof fetch = (input, init) => {
      signals.push(init?.signal);
      return fetch(input, init);
    };
    for await (const _ of new Download({ url }, { policy: quick, fetch: spy }).from(0)) break;
    expect(signals[0]?.aborted).toBe(true);
  });
});

test("a download may start anywhere", async () => {
  for (const start of [1, 8, 4096, file.byteLength - 1]) {
    const { url } = await serve();
    const rest = await download({ url, bytes: file.byteLength }, {}, start);
    expect(sha256(rest)).toBe(sha256(file.subarray(start)));
  }
});
