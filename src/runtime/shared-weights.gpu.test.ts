import { afterEach, describe, expect, it, vi } from "vitest";
import type { GPTConfig, Progress } from "../config.ts";
import type { Device } from "../device/device.ts";
import { openGpu } from "../gpu/open-gpu.ts";
import { sharedGpu } from "../gpu/shared-gpu.ts";
import { type OpenSource, shareWeights } from "../loading/shared-weights.ts";
import { expectLiveBytes, testDevice, tiny } from "../test/models.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import type { WeightSource } from "../weights/weight-source.ts";
import { ModelHandle } from "./model-handle.ts";

const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });
const liveBytes = async () => (await sharedGpu()).accounting.liveBytes;
const bytesOf = (config: GPTConfig) => seededWeights(0, config).totalBytes;
const models: ModelHandle[] = [];
async function fromSeed(...args: Parameters<typeof ModelHandle.fromSeed>): Promise<ModelHandle> {
  const model = await ModelHandle.fromSeed(...args);
  models.push(model);
  return model;
}

afterEach(async () => {
  for (const model of models.splice(0)) model.destroy();
  await expectLiveBytes(await sharedGpu(), 0);
});

describe("models of one seed", () => {
  it("share one copy of the weights, whatever their masks; the last one frees it", async () => {
    const [first, second, third] = [
      await fromSeed(1, tiny.config),
      await fromSeed(1, tiny.config, { mask: "none" }),
      // The order of the keys does not matter.
      await fromSeed(1, Object.fromEntries(Object.entries(tiny.config).reverse()) as unknown as GPTConfig),
    ];
    expect(second.network.embedding.tok_emb.parts).toBe(first.network.embedding.tok_emb.parts);
    expect(third.network.embedding.tok_emb.parts).toBe(first.network.embedding.tok_emb.parts);
    expect(await liveBytes()).toBe(bytesOf(tiny.config));

    const { data } = await third.forward([[1, 2, 3]]);
    first.destroy();
    first.destroy(); // gives up one share, not two
    second.destroy();
    expect((await third.forward([[1, 2, 3]])).data).toEqual(data);
    expect(await liveBytes()).toBe(bytesOf(tiny.config));
    third.destroy();
    await expectLiveBytes(await sharedGpu(), 0);
  });

  it("share what is still being loaded, and each hears of its progress", async () => {
    const heard: Progress[][] = [[], []];
    const [first, second] = await Promise.all(
      heard.map((list) => fromSeed(2, tiny.config, { onProgress: (progress) => list.push(progress) })),
    );
    expect(second.network.embedding.tok_emb.parts).toBe(first.network.embedding.tok_emb.parts);
    const total = bytesOf(tiny.config);
    expect(await liveBytes()).toBe(total);
    for (const list of heard) {
      expect(list.at(-1)).toEqual({ phase: "weights", loaded: total, total });
      for (const { loaded } of list) expect(loaded).toBeGreaterThan(0);
      expect(list).toEqual(list.toSorted((a, b) => a.loaded - b.loaded));
    }
  });

  it("are told apart from those of another seed or configuration", async () => {
    const others = [
      await fromSeed(1, tiny.config),
      await fromSeed(2, tiny.config),
      await fromSeed(1, { ...tiny.config, n_heads: 4 }),
    ];
    expect(new Set(others.map(({ network }) => network.embedding.tok_emb.parts)).size).toBe(3);
    expect(await liveBytes()).toBe(3 * bytesOf(tiny.config));
  });
});

it("a model that is destroyed finishes what it was asked for before", async () => {
  const model = await fromSeed(1, tiny.config);
  const { data } = await model.forward([[1, 2, 3]]);
  const late = model.forward([[1, 2, 3]]);
  model.destroy();
  expect((await late).data).toEqual(data);
  await expectLiveBytes(await sharedGpu(), 0);
});

describe("loading", () => {
  /** Large enough to be loaded in several chunks. */
  const config = { ...tiny.config, vocab_size: 20_000, emb_dim: 128 };

  it("that is aborted frees everything, and can be started again", async () => {
    const controller = new AbortController();
    const options = { onProgress: () => controller.abort(), signal: controller.signal };
    await expect(fromSeed(3, config, options)).rejects.toEqual(failure("aborted"));
    await expectLiveBytes(await sharedGpu(), 0);
    const model = await fromSeed(3, config);
    expect((await model.forward([[1]])).shape).toEqual([1, 1, 20_000]);
  });

  it("that was aborted before it began leaves no trace", async () => {
    const options = { signal: AbortSignal.abort() };
    await expect(fromSeed(3, config, options)).rejects.toEqual(failure("aborted"));
    expect(await liveBytes()).toBe(0);
  });

  it("goes on for the others when one of them aborts", async () => {
    const controller = new AbortController();
    const leaving = fromSeed(4, config, { onProgress: () => controller.abort(), signal: controller.signal });
    const staying = fromSeed(4, config);
    await expect(leaving).rejects.toEqual(failure("aborted"));
    expect((await (await staying).forward([[1]])).shape).toEqual([1, 1, 20_000]);
    expect(await liveBytes()).toBe(bytesOf(config));
  });
});

it("a listener that throws fails no load, and what it joined is freed", async () => {
  const device = await testDevice();
  const reports = vi.spyOn(globalThis, "reportError").mockImplementation(() => {});
  const onNote = () => {
    throw new Error("broken");
  };
  const open: OpenSource<WeightSource> = ({ onNote }) => {
    onNote("12 heads are assumed.");
    return seededWeights(tiny.seed, tiny.config);
  };
  // The first hears the note as it is made, the second as it comes.
  const first = await shareWeights(device, "noted", open, { onNote });
  const second = await shareWeights(device, "noted", open, { onNote });
  expect(reports).toHaveBeenCalledTimes(2);
  first.release();
  expect(device.accounting.liveBytes).toBe(bytesOf(tiny.config));
  second.release();
  await expectLiveBytes(device, 0);
  reports.mockRestore();
});

describe("a source that fails", () => {
  const own = new Error("own");
  /** The weights of `tiny`, but after `chunks` of them `end` happens. */
  const broken = (chunks: number, end: () => void): WeightSource => {
    const source = seededWeights(tiny.seed, tiny.config);
    return {
      config: tiny.config,
      totalBytes: source.totalBytes,
      async *chunks(signal) {
        let count = 0;
        for await (const chunk of source.chunks(signal)) {
          if (count++ === chunks) return end();
          yield chunk;
        }
      },
    };
  };
  const failing = () =>
    broken(3, () => {
      throw own;
    });
  const share = (device: Device, open: () => WeightSource) => shareWeights(device, "key", open, {});

  it("fails all who wait for it, frees everything, and is asked anew by who comes next", async () => {
    const device = await testDevice();
    let opened = 0;
    const open = () => {
      opened++;
      return failing();
    };
    const waiting = await Promise.allSettled([share(device, open), share(device, open)]);
    expect(waiting).toEqual([
      { status: "rejected", reason: own },
      { status: "rejected", reason: own },
    ]);
    expect(opened).toBe(1);
    await expectLiveBytes(device, 0);

    const { release } = await share(device, () => seededWeights(tiny.seed, tiny.config));
    expect(device.accounting.liveBytes).toBe(bytesOf(tiny.config));
    release();
    await expectLiveBytes(device, 0);
  });

  it("by ending early is noticed", async () => {
    const device = await testDevice();
    await expect(share(device, () => broken(3, () => {}))).rejects.toEqual(failure("gpu-error"));
    await expectLiveBytes(device, 0);
  });

  it("by losing the GPU is told from others", async () => {
    const device = await openGpu();
    const losing = broken(3, () => device.destroy());
    await expect(share(device, () => losing)).rejects.toEqual(failure("device-lost"));
  });
});
