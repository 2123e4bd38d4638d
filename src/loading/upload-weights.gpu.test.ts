import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NextTokenError } from "../errors.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { openGpu } from "../gpu/open-gpu.ts";
import { expectLiveBytes, tiny } from "../test/models.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import type { WeightChunk, WeightSource } from "../weights/weight-source.ts";
import { uploadWeights } from "./upload-weights.ts";

let device: Gpu;

beforeEach(async () => {
  device = await openGpu();
});

afterEach(() => {
  vi.restoreAllMocks();
  device.destroy();
});

/** The chunks of `seededWeights`, made or refused by `chunks`. */
function source(chunks: (own: WeightSource) => AsyncGenerator<WeightChunk, void, undefined>): WeightSource {
  const own = seededWeights(tiny.seed, tiny.config);
  return { config: own.config, totalBytes: own.totalBytes, chunks: () => chunks(own) };
}

it("asks for the first chunk while memory is found, and writes none of it before all is there", async () => {
  const told: string[] = [];
  const create = device.createStorage.bind(device);
  vi.spyOn(device, "createStorage").mockImplementation((label, bytes) => {
    told.push("memory");
    return create(label, bytes);
  });
  vi.spyOn(device.webgpu.queue, "writeBuffer").mockImplementation(() => void told.push("write"));
  await uploadWeights(
    device,
    source(async function* (own) {
      told.push("asked");
      yield* own.chunks();
    }),
  );
  const tensors = told.filter((what) => what === "memory").length;
  expect(told.slice(0, tensors + 1).toSorted()).toEqual(["asked", ...new Array(tensors).fill("memory")]);
  expect(told.slice(tensors + 1).every((what) => what === "write")).toBe(true);
  expect(told.at(-1)).toBe("write");
});

it("a source that fails while memory is found leaves none of it", async () => {
  const broken = new Error("broken");
  const failing = source(async function* () {
    yield Promise.reject(broken);
  });
  await expect(uploadWeights(device, failing)).rejects.toBe(broken);
  await device.mutex.run(() => {});
  await expectLiveBytes(device, 0);
});

it("where there is no memory the source is closed, and what was found is freed", async () => {
  const full = new NextTokenError("out-of-memory", "Full.");
  const create = device.createStorage.bind(device);
  let left = 3;
  vi.spyOn(device, "createStorage").mockImplementation((label, bytes) => {
    if (left-- === 0) throw full;
    return create(label, bytes);
  });
  let isClosed = false;
  const closing = source(async function* (own) {
    try {
      yield* own.chunks();
    } finally {
      isClosed = true;
    }
  });
  await expect(uploadWeights(device, closing)).rejects.toBe(full);
  expect(isClosed).toBe(true);
  await expectLiveBytes(device, 0);
});
