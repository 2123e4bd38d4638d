import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeCaches } from "../../test/fake-caches.ts";
import { honest, type RawAnswer, type RawRequest, RawServer } from "../../test/raw-server.ts";
import { f32Bytes, safetensorsFile } from "../../test/safetensors-file.ts";
import { randomValues } from "../../test/values.ts";
import { copyName } from "./copy-name.ts";
import { patient } from "./download/policy.ts";
import { OVERLAP_BYTES } from "./download/tail.ts";
import { ModelCache } from "./model-cache.ts";
import { RemoteSource } from "./remote-source.ts";

const policy = { ...patient, attempts: 2, firstWait: 1, maxWait: 2 };
const PIECE = 65536;
const made = (seed: number) =>
  safetensorsFile([
    { name: "w", dtype: "F32", shape: [37_000], bytes: f32Bytes(randomValues(37_000, seed)) },
  ]);
const file = made(1);
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

let caches: FakeCaches;
let server: RawServer;
let host: string;
let answer: (request: RawRequest) => RawAnswer;
beforeEach(async () => {
  caches = new FakeCaches();
  vi.stubGlobal("caches", caches);
  answer = (request) => honest(file, request);
  server = new RawServer((request) => answer(request));
  host = await server.listen();
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

async function visit(path: string) {
  const notes: string[] = [];
  const before = { sent: server.sent, requests: server.requests.length };
  const source = await RemoteSource.open({ url: `${host}${path}` }, await ModelCache.open(), {
    policy,
    pieceBytes: PIECE,
    onNote: (note) => notes.push(note),
  });
  const hash = createHash("sha256");
  for await (const piece of source.pieces()) hash.update(piece);
  const starts = server.requests.slice(before.requests).map(({ start }) => start);
  return { hash: hash.digest("hex"), starts, notes };
}
const kept = async () => (await ModelCache.open())!.list();

const signed = [
  ["?token=1", "?token=2"],
  ["?X-Amz-Date=1&X-Amz-Signature=2&X-Amz-Expires=60", "?X-Amz-Date=3&X-Amz-Signature=4&X-Amz-Expires=60"],
  ["?Expires=1&Signature=2&Key-Pair-Id=3", "?Expires=4&Signature=5&Key-Pair-Id=3"],
  ["?X-Goog-Signature=1", "?X-Goog-Signature=2"],
  ["?sv=2&se=2026&sr=b&sp=r&sig=abc", "?sv=2&se=2027&sr=b&sp=r&sig=def"],
  ["?file=a&access_token=1", "?file=a&access_token=2"],
  ["", "?sesskey=1"],
] as const;

describe("signed addresses", () => {
  test.each(signed)("%s and %s are one copy, asked for its end alone", async (first, second) => {
    const path = "/a/model.safetensors";
    expect(await visit(path + first)).toMatchObject({ hash: hashOf(file), starts: [0] });
    const end = file.byteLength - OVERLAP_BYTES;
    expect(await visit(path + second)).toMatchObject({ hash: hashOf(file), starts: [end] });
    expect(await visit(path + second)).toMatchObject({ hash: hashOf(file), starts: [] }); // known from then on
    expect(await visit(path + first)).toMatchObject({ hash: hashOf(file), starts: [] });
    expect(await kept()).toEqual([
      {
        url: copyName(`${host}${path}${first}`),
        bytes: file.byteLength,
        cachedBytes: file.byteLength,
        complete: true,
      },
    ]);
    await (await ModelCache.open())!.delete(`${host}${path}${second}`);
    expect(caches.entries.size).toBe(0);
  });

  test("nothing that signs an address is written down", async () => {
    await visit("/a/model.safetensors?part=7&token=hushhush");
    for (const [name, { body }] of caches.entries) {
      expect(decodeURIComponent(decodeURIComponent(name))).not.toContain("hushhush");
      expect(Buffer.from(body).includes("hushhush")).toBe(false);
    }
    expect((await kept())[0]!.url).toBe(`${host}/a/model.safetensors?part=7`);
  });

  test("a download that was cut goes on under the next address", async () => {
    answer = (request) =>
      request.start === 0
        ? { ...honest(file, request), fault: { kind: "close", after: PIECE + 50_000 } }
        : { status: 403 };
    await expect(visit("/model.safetensors?sig=1")).rejects.toMatchObject({ reason: "forbidden" });
    answer = (request) => honest(file, request);
    expect(await visit("/model.safetensors?sig=2")).toMatchObject({
      hash: hashOf(file),
      starts: [PIECE - OVERLAP_BYTES],
    });
  });

  test.each([
    ["bytes", {}, {}],
    ["tag", { etag: '"1"' }, { etag: '"2"' }],
  ])(
    "two files that a token alone tells apart, by their %s, are never confused",
    async (_, first, second) => {
      const files = { 1: made(1), 2: made(2) };
      answer = (request) => {
        const which = request.path.endsWith("1") ? 1 : 2;
        const whole = honest(files[which], request);
        return { ...whole, headers: { ...whole.headers, ...(which === 1 ? first : second) } };
      };
      for (const which of [1, 2, 1] as const)
        expect((await visit(`/get?token=${which}`)).hash).toBe(hashOf(files[which]));
    },
  );

  test("other parameters name other files", async () => {
    const files: Record<string, Uint8Array> = { a: made(1), b: made(2) };
    answer = (request) => honest(files[request.path.at(-1)!]!, request);
    expect((await visit("/get?token=1&file=a")).hash).toBe(hashOf(files.a!));
    expect((await visit("/get?token=1&file=b")).hash).toBe(hashOf(files.b!));
    expect(await visit("/get?token=1&file=a")).toMatchObject({ hash: hashOf(files.a!), starts: [] });
    expect(await kept()).toHaveLength(2);
  });

  test("a server without ranges is not asked for all of it again where its tag is known", async () => {
    answer = (request) => {
      const whole = honest(file, request, false);
      return { ...whole, headers: { ...whole.headers, etag: '"a"' } };
    };
    await visit("/model.safetensors?token=1");
    const source = await visit("/model.safetensors?token=2");
    expect(source).toMatchObject({ hash: hashOf(file) });
    expect(source.starts).toHaveLength(1);
  });

  test("nobody can be asked: an address that names a file is believed, another is not", async () => {
    await visit("/model.safetensors?token=1");
    await visit("/get?token=1");
    answer = () => ({ status: 403 });
    const believed = await visit("/model.safetensors?token=2");
    expect(believed.hash).toBe(hashOf(file));
    expect(believed.notes).toEqual([expect.stringContaining("could not be asked")]);
    await expect(visit("/get?token=2")).rejects.toMatchObject({ reason: "forbidden" });
    expect((await visit("/get?token=1")).hash).toBe(hashOf(file)); // and nothing is lost
  });
});

describe("the place of a copy", () => {
  test.each([
    ["https://a.org/m?file=a", "https://a.org/m?file=a"],
    ["https://a.org/m?file=a&token=1#x", "https://a.org/m?file=a"],
    ["https://a.org/m?TOKEN=1", "https://a.org/m"],
    ["https://a.org/m?design=1&author=2&skey=3&v=2", "https://a.org/m?design=1&author=2&skey=3&v=2"],
  ])("%s is kept as %s", (url, name) => {
    expect(copyName(url)).toBe(name);
  });
});
