import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cdp } from "vitest/browser";
import { f32Bytes, safetensorsFile } from "../../test/safetensors-file.ts";
import { randomValues } from "../../test/values.ts";
import { PIECE_BYTES } from "./byte-source.ts";
import { OVERLAP_BYTES } from "./download/tail.ts";
import { ModelCache } from "./model-cache.ts";
import { RemoteSource } from "./remote-source.ts";

// What the unit tests do with a stand-in for Cache Storage, on the real one, with real locks.

const values = 2_400_000;
const file = safetensorsFile([
  { name: "w", dtype: "F32", shape: [values], bytes: f32Bytes(randomValues(values, 1)) },
]);
const hexOf = async (bytes: BufferSource) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))]
    .map((b) => b.toString(16).padStart(2, "0"))
    .join("");
const sha256 = await hexOf(file);
const url = "https://course.invalid/model.safetensors";

/** A server in place of the network: slow enough that two downloads would overlap, and able to cut. */
class Server {
  starts: number[] = [];
  cutAfter = Number.POSITIVE_INFINITY;

  fetch = async (_: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const start = Number(/\d+/.exec(new Headers(init?.headers).get("range") ?? "")?.[0]);
    this.starts.push(start);
    let at = start;
    const end = Math.min(file.byteLength, start + this.cutAfter);
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (init?.signal?.aborted) return controller.error(init.signal.reason);
        const from = at;
        at = Math.min(at + 500_000, end);
        if (from < end) controller.enqueue(file.slice(from, at));
        else if (end < file.byteLength) controller.error(new TypeError("cut"));
        else controller.close();
      },
    });
    const range = `bytes ${start}-${file.byteLength - 1}/${file.byteLength}`;
    return new Response(body, { status: 206, headers: { "content-range": range } });
  };
}

let server: Server;
beforeEach(async () => {
  server = new Server();
  await caches.delete("next-token-models");
});
afterEach(async () => {
  await cdp().send("Storage.overrideQuotaForOrigin", { origin: location.origin });
  await caches.delete("next-token-models");
});

/** A visit that finds out the hash of what it was served. */
async function visit() {
  const notes: string[] = [];
  const phases = new Set<string>();
  const source = await RemoteSource.open({ url, sha256 }, await ModelCache.open(), {
    fetch: server.fetch,
    policy: {
      attempts: 1,
      progressBytes: 1,
      firstWait: 1,
      maxWait: 1,
      maxRetryAfter: 1,
      answerTimeout: 9e3,
      stallTimeout: 9e3,
    },
    onNote: (note) => notes.push(note),
    onProgress: ({ phase }) => phases.add(phase),
  });
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of source.pieces()) parts.push(piece.slice());
  return { hash: await hexOf(await new Blob(parts).arrayBuffer()), notes, phases: [...phases] };
}

describe("Cache Storage", () => {
  test("serves the second visit, and lists and deletes", async () => {
    expect((await visit()).hash).toBe(sha256);
    expect(server.starts).toEqual([0]);
    expect(await visit()).toEqual({ hash: sha256, notes: [], phases: ["cache"] });
    expect(server.starts).toHaveLength(1);
    const cache = (await ModelCache.open())!;
    expect(await cache.list()).toEqual([
      { url, bytes: file.byteLength, cachedBytes: file.byteLength, complete: true },
    ]);
    await cache.delete(url);
    expect(await cache.list()).toEqual([]);
    expect(await (await caches.open("next-token-models")).keys()).toEqual([]);
  });

  test("keeps the whole pieces of a download that was cut", async () => {
    server.cutAfter = PIECE_BYTES + 1_000_000;
    await expect(visit()).rejects.toMatchObject({ code: "download-failed" });
    server.cutAfter = Number.POSITIVE_INFINITY;
    server.starts = [];
    expect((await visit()).hash).toBe(sha256);
    expect(server.starts).toEqual([PIECE_BYTES - OVERLAP_BYTES]);
  });

  test("goes on without room, and says so", async () => {
    await cdp().send("Storage.overrideQuotaForOrigin", { origin: location.origin, quotaSize: 6_000_000 });
    const first = await visit();
    expect(first.hash).toBe(sha256);
    expect(first.notes).toEqual([expect.stringContaining("no room")]);
    expect((await visit()).hash).toBe(sha256);
  });
});

test("two visits at once download the file once, and the second says that it waits", async () => {
  const [first, second] = await Promise.all([visit(), visit()]);
  expect([first.hash, second.hash]).toEqual([sha256, sha256]);
  expect([...first.phases, ...second.phases]).toContain("other-tab");
  expect(server.starts).toEqual([0]);
});
