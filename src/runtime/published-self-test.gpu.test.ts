import { afterEach, describe, expect, it, vi } from "vitest";
import checkpointUrl from "../../tools/parity/fixtures/checkpoint-small/model.safetensors?url";
import reference from "../../tools/parity/fixtures/checkpoint-small.json";
import { sharedGpu } from "../gpu/shared-gpu.ts";
import { checkpointFile } from "../test/checkpoint-maker.ts";
import { recipes } from "../test/checkpoint-recipes.ts";
import { fixtureFile } from "../test/fixture-file.ts";
import { expectLiveBytes, tiny } from "../test/models.ts";
import { type PublishedModel, publishedModels } from "../weights/checkpoint/published-models.ts";
import { ModelHandle } from "./model-handle.ts";

// A small checkpoint stands in for a published one: its text is PyTorch's.

const known = publishedModels as PublishedModel[];
const before = known.length;
afterEach(async () => {
  known.length = before;
  vi.restoreAllMocks();
  await caches.delete("next-token-models");
});

const file = new Uint8Array(await (await fixtureFile(checkpointUrl)).arrayBuffer());
const { n_head: n_heads, generated, idx } = reference;
const selfTest = { prompt: idx[0]!, continuation: generated[0]!.slice(idx[0]!.length) };

const url = "https://models.invalid/small";

async function publish(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  known.push({ id: "course/small", label: "small", url, n_heads, bytes: bytes.length, sha256, selfTest });
}

/** The file with one square matrix stored the other way round: every shape is as it was. */
function transposed(name: string): Uint8Array<ArrayBuffer> {
  const headerBytes = Number(new DataView(file.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + headerBytes)));
  const { shape, data_offsets } = header[name] as { shape: [number, number]; data_offsets: [number, number] };
  const [begin, end] = data_offsets.map((at) => at + 8 + headerBytes) as [number, number];
  const values = new Float32Array(file.slice(begin, end).buffer);
  const [rows, columns] = shape;
  const turned = values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
  const copy = file.slice();
  copy.set(new Uint8Array(turned.buffer), begin);
  return copy;
}

it.each(["f32", "f16", "int8"] as const)(
  "a published checkpoint is known by its answer, in %s",
  async (precision) => {
    await publish(file);
    const model = await ModelHandle.fromCheckpoint(new Blob([file]), { config: { n_heads }, precision });
    expect(model.verified).toBe("known-answer");
    model.destroy();
  },
);

it.each(["f32", "f16", "int8"] as const)(
  "a square matrix that is read the other way round is found out, in %s",
  async (precision) => {
    const wrong = transposed("transformer.h.0.attn.c_proj.weight");
    await publish(wrong);
    await expect(
      ModelHandle.fromCheckpoint(new Blob([wrong]), { config: { n_heads }, precision }),
    ).rejects.toMatchObject({
      code: "known-answer-failed",
      message: expect.stringContaining("course/small"),
    });
    await expectLiveBytes(await sharedGpu(), 0);
  },
);

it("so is a number of heads that the caller got wrong", async () => {
  await publish(file);
  await expect(
    ModelHandle.fromCheckpoint(new Blob([file]), { config: { n_heads: 2 * n_heads } }),
  ).rejects.toMatchObject({ code: "known-answer-failed", message: expect.stringContaining("n_heads") });
});

it("a file that nobody knows is unverified, and what was assumed of it is noted", async () => {
  const heard: string[] = [];
  const model = await ModelHandle.fromCheckpoint(checkpointFile(recipes.heads64!), {
    onNote: (note) => heard.push(note),
  });
  expect(model.verified).toBe("unverified");
  expect(model.notes).toEqual([expect.stringContaining("2 heads of 64 are assumed")]);
  expect(heard).toEqual(model.notes);
  model.destroy();
});

describe("a site's own copy with other bytes", () => {
  const mirrors = ["https://course.invalid/models/small"];
  const wrong = transposed("transformer.h.0.attn.c_proj.weight");
  /** Serves these; returns the addresses that were asked for, each once. */
  function serve(files: Record<string, Uint8Array<ArrayBuffer>>): Set<string> {
    const asked = new Set<string>();
    vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
      asked.add(`${input}`);
      const bytes = files[`${input}`]!;
      const start = Number(/\d+/.exec(new Headers(init?.headers).get("range") ?? "")?.[0]);
      const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
      return new Response(bytes.slice(start), { status: 206, headers: { "content-range": range } });
    });
    return asked;
  }

  it("is passed over, and the model comes from its own address", async () => {
    await publish(file);
    const asked = serve({ [mirrors[0]!]: wrong, [url]: file });
    const model = await ModelHandle.fromCheckpoint(url, { mirrors });
    expect([...asked]).toEqual([...mirrors, url]);
    expect(model.verified).toBe("known-answer");
    expect(model.notes).toContainEqual(expect.stringContaining(mirrors[0]!));
    model.destroy();
    await expectLiveBytes(await sharedGpu(), 0);
  });

  it("is an error where the file's own address sends them too", async () => {
    await publish(file);
    serve({ [mirrors[0]!]: wrong, [url]: wrong });
    await expect(ModelHandle.fromCheckpoint(url, { mirrors })).rejects.toMatchObject({
      rule: "sha256-mismatch",
    });
    await expectLiveBytes(await sharedGpu(), 0);
  });
});

it("the weights of a seed are known", async () => {
  const model = await ModelHandle.fromSeed(tiny.seed, tiny.config);
  expect(model.verified).toBe("known-answer");
  expect(model.notes).toEqual([]);
  model.destroy();
});
