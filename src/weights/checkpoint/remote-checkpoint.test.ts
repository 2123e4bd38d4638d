import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { collectWeights } from "../../test/checkpoint-fixture.ts";
import { checkpointFile, configJson } from "../../test/checkpoint-maker.ts";
import { recipes } from "../../test/checkpoint-recipes.ts";
import { FakeCaches } from "../../test/fake-caches.ts";
import { honest, type RawAnswer, type RawRequest, RawServer } from "../../test/raw-server.ts";
import { type CheckpointOptions, checkpointWeights } from "./checkpoint.ts";
import { patient } from "./download/policy.ts";
import { ModelCache } from "./model-cache.ts";
import { publishedModels } from "./published-models.ts";

const policy = { ...patient, attempts: 2, firstWait: 1, maxWait: 2 };
const text = (content: string, status = 200): RawAnswer => ({
  status,
  body: new TextEncoder().encode(content),
});
const model = new Uint8Array(await checkpointFile(recipes.small).arrayBuffer());

let server: RawServer;
let url: string;
let config: (request: RawRequest) => RawAnswer;
let vocabulary: (request: RawRequest) => RawAnswer;
let served: Uint8Array;
beforeEach(async () => {
  vi.stubGlobal("caches", new FakeCaches());
  config = () => text(configJson(recipes.small));
  vocabulary = () => text("", 404);
  served = model;
  server = new RawServer((request) =>
    request.path.startsWith("/a/config.json")
      ? config(request)
      : request.path.startsWith("/a/vocab.json")
        ? vocabulary(request)
        : honest(served, request),
  );
  url = `${await server.listen()}/a/model.safetensors?download=true`;
});
afterEach(async () => {
  vi.unstubAllGlobals();
  await server.close();
});
const open = (options: CheckpointOptions = {}) => checkpointWeights(url, { policy, ...options });
const valuesOf = async (source: Awaited<ReturnType<typeof open>>) => {
  const hash = createHash("sha256");
  for (const [name, { data }] of [...(await collectWeights(source))].sort())
    hash.update(name).update(data as Float32Array);
  return hash.digest("hex");
};

test("an address gives what the file itself gives, with the heads of the config.json beside it", async () => {
  const source = await open();
  expect(source.config.n_heads).toBe(4);
  expect(source.notes).toEqual([]);
  const local = await checkpointWeights(new Blob([model]), { config: { n_heads: 4 } });
  expect(await valuesOf(source)).toBe(await valuesOf(local));
  expect(source.published).toBeUndefined();
});

test("a second visit is offline, config and all, and so is a second pass", async () => {
  const first = await open();
  const values = await valuesOf(first);
  await server.close();
  expect(await valuesOf(first)).toBe(values);
  const second = await open();
  expect(second.config).toEqual(first.config);
  expect(await valuesOf(second)).toBe(values);
});

describe("vocab.json", () => {
  const own = '{"the":0,"cat":1}';

  test("of another language than GPT-2's is told of, and kept", async () => {
    vocabulary = () => text(own);
    expect((await open()).notes).toEqual([expect.stringContaining("its own")]);
    vocabulary = () => {
      throw new Error("It was asked for twice.");
    };
    expect((await open()).notes).toEqual([expect.stringContaining("its own")]);
  });

  test.each([
    ["404", text("", 404)],
    ["a page", text("<!doctype html>")],
    ["an error", text("", 500)],
    ["five megabytes", text(`{"${"x".repeat(5 * 2 ** 20)}":0}`)],
  ])("%s: nothing is said", async (_, answer) => {
    vocabulary = () => answer;
    expect((await open()).notes).toEqual([]);
  });

  test("of a file from disk is the one that was chosen along with it", async () => {
    const { notes } = await checkpointWeights(new Blob([model]), {
      config: { n_heads: 4 },
      vocabularyFile: new Blob([own]),
    });
    expect(notes).toEqual([expect.stringContaining("its own")]);
  });
});

describe("config.json", () => {
  const missing: [string, () => RawAnswer][] = [
    ["404", () => text("", 404)],
    ["a page with status 200", () => text("<!doctype html>")],
    ["a megabyte", () => text(`{"x":"${"x".repeat(2 ** 20)}"}`)],
    ["a server that fails", () => text("", 500)],
    ["a connection that is cut", () => ({ ...text('{"n_head":4}'), fault: { kind: "reset", after: 3 } })],
  ];
  test.each(missing)("%s: the heads have to be given", async (_, answer) => {
    config = answer;
    await expect(open()).rejects.toMatchObject({ rule: "heads-unknown" });
    expect((await open({ config: { n_heads: 6 } })).config.n_heads).toBe(6);
  });

  test("one failure is not the end", async () => {
    const answers = [text("", 503)];
    config = () => answers.pop() ?? text(configJson(recipes.small));
    expect((await open()).config.n_heads).toBe(4);
  });

  test("the caller's word stands above it", async () => {
    expect((await open({ config: { n_heads: 8 } })).config.n_heads).toBe(8);
  });

  test("of another model", async () => {
    config = () => text(configJson({ ...recipes.small, n_layer: 12 }));
    await expect(open()).rejects.toMatchObject({ rule: "config-mismatch" });
  });

  const asked = () => server.requests.filter(({ path }) => path.endsWith("config.json")).length;

  const mended: [string, string, () => RawAnswer][] = [
    ["is put beside the file", "heads-unknown", () => text("", 404)],
    ["is put where a page stood", "heads-unknown", () => text("<!doctype html>")],
    ["loses a typing error", "config-unsupported", () => text('{"n_head": 4,}')],
    ["asks for other arithmetic no more", "config-unsupported", () => text('{"layer_norm_epsilon":1e-6}')],
    [
      "becomes that of the file",
      "config-mismatch",
      () => text(configJson({ ...recipes.small, n_layer: 12 })),
    ],
  ];
  test.each(mended)("that %s is seen on the second visit", async (_, rule, before) => {
    const good = config;
    config = before;
    await expect(open()).rejects.toMatchObject({ rule });
    config = good;
    expect((await open()).config.n_heads).toBe(4);
    await server.close();
    expect((await open()).config.n_heads).toBe(4);
  });

  test.each([401, 403, 408, 429, 500])("an answer of %d does not say that there is none", async (status) => {
    const good = config;
    config = () => text("", status);
    expect((await open({ config: { n_heads: 6 } })).config.n_heads).toBe(6);
    config = good;
    expect((await open()).config.n_heads).toBe(4);
  });

  test("is asked for once, without patience, where the file itself is kept", async () => {
    config = () => text("", 403);
    const options = { config: { n_heads: 6 }, policy: { ...policy, attempts: 5 } };
    await valuesOf(await open(options));
    config = () => text("", 500);
    const before = asked();
    expect((await open(options)).config.n_heads).toBe(6);
    expect(asked()).toBe(before + 1);
  });

  test.each([404, 410])("after a %d it is not asked for again", async (status) => {
    config = () => text("", status);
    await open({ config: { n_heads: 6 } });
    await open({ config: { n_heads: 6 } });
    expect(asked()).toBe(1);
  });

  test("that was kept although it cannot be read is asked for anew", async () => {
    await (await ModelCache.open())!.file(url).setConfig('{"n_head": 4,}');
    await expect(open()).rejects.toMatchObject({ rule: "config-unsupported" });
    expect((await open()).config.n_heads).toBe(4);
  });
});

test("mirrors come first, and what is kept is kept under the file's own address", async () => {
  const mirror = new RawServer((request) =>
    request.path.endsWith("config.json") ? text("", 404) : honest(model, request),
  );
  const mirrors = [`${await mirror.listen()}/copy/model.safetensors`];
  const source = await open({ mirrors });
  const values = await valuesOf(source);
  expect(mirror.requests.map(({ path }) => path)).toContain("/copy/model.safetensors");
  expect(server.requests.map(({ path }) => path)).toEqual(["/a/config.json", "/a/vocab.json"]);
  await mirror.close();
  await server.close();
  expect(await valuesOf(await open())).toBe(values);
});

test.each(["", "ftp://example.org/x", "javascript:alert(1)", "data:,x", "blob:null/1", "http://"])(
  "%j is no address",
  async (source) => {
    await expect(checkpointWeights(source)).rejects.toMatchObject({ code: "bad-option" });
  },
);

test("the published models are at fixed revisions", () => {
  for (const { url: address, sha256, selfTest } of publishedModels) {
    expect(address).toMatch(
      /^https:\/\/huggingface\.co\/[\w-]+\/[\w-]+\/resolve\/[0-9a-f]{40}\/model\.safetensors$/,
    );
    if (sha256 !== undefined) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    if (selfTest) expect(selfTest.continuation).toHaveLength(18);
  }
});

test("a published address must bring the published bytes", async () => {
  const published = publishedModels.find(({ id }) => id === "openai-community/gpt2")!;
  const elsewhere: typeof fetch = (input, init) =>
    fetch(`${input}`.replace(/^.*\/resolve/, new URL(url).origin), init);
  await expect(checkpointWeights(published.url, { policy, fetch: elsewhere })).rejects.toMatchObject({
    code: "download-failed",
    message: expect.stringContaining(`${model.byteLength} bytes instead of ${published.bytes}`),
  });
});

test.each([
  ["the header's length", 0, 8],
  ["the header", 20, 64],
  ["a weight", model.byteLength - 64, 64],
])(
  "bytes of %s that were spoilt on their way do not stay: the next visit gets them anew",
  async (_, at, bytes) => {
    served = model.slice().fill(0xff, at, at + bytes);
    await expect(open().then(valuesOf)).rejects.toMatchObject({ code: "bad-checkpoint" });
    served = model;
    expect(await valuesOf(await open())).toBe(
      await valuesOf(await checkpointWeights(new Blob([model]), { config: { n_heads: 4 } })),
    );
  },
);

test("a wrong number of heads throws nothing away", async () => {
  await valuesOf(await open());
  await expect(open({ config: { n_heads: 7 } })).rejects.toThrow();
  await server.close();
  expect((await open()).config.n_heads).toBe(4);
});
