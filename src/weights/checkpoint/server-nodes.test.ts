import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeCaches } from "../../test/fake-caches.ts";
import { honest, type RawAnswer, type RawRequest, RawServer } from "../../test/raw-server.ts";
import { f32Bytes, safetensorsFile } from "../../test/safetensors-file.ts";
import { randomValues } from "../../test/values.ts";
import { patient } from "./download/policy.ts";
import { OVERLAP_BYTES } from "./download/tail.ts";
import { ModelCache } from "./model-cache.ts";
import { RemoteSource } from "./remote-source.ts";

// One address behind which several machines stand, or a file that is replaced while it is read.

const policy = { ...patient, attempts: 3, progressBytes: 1, firstWait: 1, maxWait: 2 };
const PIECE = 65536;
const made = (seed: number) =>
  safetensorsFile([
    { name: "w", dtype: "F32", shape: [75_000], bytes: f32Bytes(randomValues(75_000, seed)) },
  ]);
/** Four pieces and a part of a fifth. */
const file = made(1);
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const CUT = 3 * PIECE + 1000;

let caches: FakeCaches;
let server: RawServer;
let url: string;
/** What the server answers, one request after the other; the last for all that follow. */
let answers: ((request: RawRequest) => RawAnswer)[];
beforeEach(async () => {
  caches = new FakeCaches();
  vi.stubGlobal("caches", caches);
  server = new RawServer((request) => (answers.length > 1 ? answers.shift()! : answers[0]!)(request));
  url = `${await server.listen()}/model.safetensors`;
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});

interface Node {
  etag?: string;
  date?: string;
  bytes?: Uint8Array;
  /** The connection ends before this byte of the file. */
  cut?: number;
  ranges?: boolean;
}
const node =
  ({ etag = "", date = "", bytes = file, cut, ranges = true }: Node) =>
  (request: RawRequest): RawAnswer => {
    const answer = honest(bytes, request, ranges);
    const start = answer.status === 206 ? request.start : 0;
    return {
      ...answer,
      headers: { ...answer.headers, etag, "last-modified": date },
      ...(cut !== undefined && cut > start && { fault: { kind: "close", after: cut - start } }),
    };
  };

/** One visit: the header, then all of it. */
async function read() {
  const source = await RemoteSource.open({ url }, await ModelCache.open(), { policy, pieceBytes: PIECE });
  for await (const _ of source.pieces()) break;
  const hash = createHash("sha256");
  for await (const piece of source.pieces()) hash.update(piece);
  return hash.digest("hex");
}
/** As the model's loader does: what turns out to be another file is loaded once more. */
async function load() {
  try {
    return { hash: await read(), changed: false };
  } catch (error) {
    if (!(error instanceof Error && "rule" in error && error.rule === "file-changed")) throw error;
    expect(caches.entries.size).toBe(0); // nothing of the old one is left
    return { hash: await read(), changed: true };
  }
}
const starts = () => server.requests.map(({ start }) => start);
const resumed = [0, CUT - OVERLAP_BYTES];

const monday = "Mon, 02 Nov 2026 08:00:00 GMT";
const tuesday = "Tue, 03 Nov 2026 08:00:00 GMT";
const alike: [what: string, first: Node, second: Node][] = [
  ["a strong tag and a weak one", { etag: '"a"' }, { etag: 'W/"a"' }],
  ["a weak tag and a strong one", { etag: 'W/"a"' }, { etag: '"a"' }],
  ["a tag without quotes", { etag: "a" }, { etag: '"a"' }],
  ["the tag of a compressing node", { etag: '"a-gzip"' }, { etag: '"a"' }],
  ["another one of those", { etag: '"a"' }, { etag: 'W/"a--gzip"' }],
  ["a tag that the second node hides", { etag: '"a"' }, {}],
  ["a tag that the first node hides", {}, { etag: '"a"' }],
  ["one tag with two dates", { etag: '"a"', date: monday }, { etag: '"a"', date: tuesday }],
  ["two tags with one date", { etag: '"1-a"', date: monday }, { etag: '"2-a"', date: monday }],
  ["a tag here and a date there", { etag: '"a"' }, { date: tuesday }],
  ["no name at all", {}, {}],
];

describe("two nodes, one file: it goes on where it was", () => {
  test.each(alike)("%s", async (_, first, second) => {
    answers = [node({ ...first, cut: CUT }), node(second)];
    expect(await load()).toEqual({ hash: hashOf(file), changed: false });
    expect(starts()).toEqual(resumed);
  });

  test.each(alike)("%s, and a reload in between", async (_, first, second) => {
    answers = [node({ ...first, cut: CUT }), () => ({ status: 404 })];
    await expect(load()).rejects.toMatchObject({ code: "download-failed" });
    const before = server.requests.length;
    answers = [node(second)];
    expect(await load()).toEqual({ hash: hashOf(file), changed: false });
    expect(starts().slice(before)).toEqual([3 * PIECE - OVERLAP_BYTES]);
  });

  test.each(alike)("%s, without ranges", async (_, first, second) => {
    answers = [node({ ...first, cut: CUT, ranges: false }), node({ ...second, ranges: false })];
    expect(await load()).toEqual({ hash: hashOf(file), changed: false });
    expect(server.requests).toHaveLength(2);
  });
});

const strange: [what: string, first: Node, second: Node][] = [
  ["tags", { etag: '"1-a"' }, { etag: '"2-a"' }],
  ["dates", { date: monday }, { date: tuesday }],
  ["tags and dates", { etag: '"1-a"', date: monday }, { etag: '"2-a"', date: tuesday }],
];

describe("nodes that agree on nothing: what is there is compared, and used", () => {
  test.each(strange)("other %s", async (_, first, second) => {
    answers = [node({ ...first, cut: CUT }), node(second), node(first)];
    expect(await load()).toEqual({ hash: hashOf(file), changed: false });
    expect(starts()).toEqual([...resumed, 0]); // read on from there: compared up to the fourth piece, new behind it
  });

  test("however often they take turns and cut", async () => {
    const turn = (etag: string, cut?: number) => node({ etag, ...(cut !== undefined && { cut }) });
    answers = [
      turn('"a"', CUT),
      turn('"b"'),
      turn('"a"', PIECE + 50),
      turn('"c"', 2 * PIECE),
      turn('"d"', CUT + 100),
      turn('"b"'),
    ];
    expect(await load()).toEqual({ hash: hashOf(file), changed: false });
    expect(server.requests).toHaveLength(6);
  });

  test("and so it is where nothing can be kept", async () => {
    caches.forbidden = true;
    answers = [node({ etag: '"a"', cut: CUT }), node({ etag: '"b"' })];
    expect(await load()).toEqual({ hash: hashOf(file), changed: false });
  });

  test("once it is known, it is known on the next visit too", async () => {
    answers = [
      node({ etag: '"a"', cut: CUT }),
      node({ etag: '"b"' }),
      node({ etag: '"b"', cut: CUT }),
      () => ({ status: 404 }),
    ];
    await expect(load()).rejects.toMatchObject({ code: "download-failed" });
    answers = [node({ etag: '"a"' })];
    const before = server.requests.length;
    expect((await load()).hash).toBe(hashOf(file));
    expect(server.requests).toHaveLength(before + 1);
  });
});

describe("a file that becomes another one of the same size is read anew, never mixed", () => {
  const others: [what: string, after: Uint8Array][] = [
    ["all of it", made(2)],
    ["one value", file.with(5000, file[5000]! ^ 1) as Uint8Array],
  ];
  const names: [what: string, first: Node, second: Node][] = [
    ...strange,
    ["weak tags", { etag: 'W/"1"' }, { etag: 'W/"2"' }],
  ];
  test.each(names.flatMap((name) => others.map((other) => [name[0], other[0], name, other] as const)))(
    "other %s, other bytes: %s",
    async (_, __, [, first, second], [, bytes]) => {
      answers = [node({ ...first, cut: CUT }), node({ ...second, bytes })];
      expect(await load()).toEqual({ hash: hashOf(bytes), changed: true });
    },
  );

  test.each([
    ["the same tag", { etag: '"a"' }, { etag: '"a"' }],
    ["a hidden tag", { etag: '"a"' }, {}],
    ["no name at all", {}, {}],
  ])("%s: the bytes tell", async (_, first, second) => {
    const bytes = made(2);
    answers = [node({ ...first, cut: CUT }), node({ ...second, bytes })];
    expect(await load()).toEqual({ hash: hashOf(bytes), changed: true });
  });

  test("also where the cut lies in bytes that are alike in all files, such as a mask", async () => {
    const masked = (seed: number) => {
      const bytes = made(seed);
      return bytes.fill(0, 2 * PIECE, CUT + 10_000);
    };
    answers = [node({ bytes: masked(1), cut: CUT }), node({ bytes: masked(2) })];
    expect(await load()).toEqual({ hash: hashOf(masked(2)), changed: true });
    server.requests.length = 0;
    await (await ModelCache.open())!.delete(url);
    answers = [node({ bytes: masked(1), cut: CUT }), node({ bytes: masked(1) })];
    expect(await load()).toEqual({ hash: hashOf(masked(1)), changed: false });
  });

  test("and after a reload", async () => {
    const bytes = made(2);
    answers = [node({ cut: CUT }), () => ({ status: 404 })];
    await expect(load()).rejects.toMatchObject({ code: "download-failed" });
    answers = [node({ bytes })];
    expect(await load()).toEqual({ hash: hashOf(bytes), changed: true });
  });
});

test("a page in place of the rest throws away nothing of what is kept", async () => {
  const page = { status: 200, body: new TextEncoder().encode("<!doctype html><title>Sign in</title>") };
  const text = {
    status: 200,
    body: new TextEncoder().encode("Our servers are being looked after. ".repeat(9)),
  };
  answers = [node({ cut: CUT }), () => page];
  await expect(load()).rejects.toMatchObject({ rule: "html-page" });
  answers = [() => text];
  await expect(load()).rejects.toMatchObject({ code: "download-failed", reason: "other-answer" });
  const before = server.requests.length;
  answers = [node({})];
  expect((await load()).hash).toBe(hashOf(file));
  expect(starts().slice(before)).toEqual([3 * PIECE - OVERLAP_BYTES]);
});

test("what a pass leaves open is read on by the next, or ended", async () => {
  answers = [node({})];
  const signals: AbortSignal[] = [];
  const spy: typeof fetch = (input, init) => {
    if (init?.signal) signals.push(init.signal);
    return fetch(input, init);
  };
  const options = { policy, pieceBytes: PIECE, fetch: spy };
  const source = await RemoteSource.open({ url }, await ModelCache.open(), options);
  expect(signals[0]!.aborted).toBe(false);
  await source.close();
  expect(signals[0]!.aborted).toBe(true);
  const stop = new AbortController();
  const stopped = async () => {
    for await (const _ of source.pieces(stop.signal)) stop.abort();
  };
  await expect(stopped()).rejects.toMatchObject({ code: "aborted" });
  expect(signals.every(({ aborted }) => aborted)).toBe(true);
});
