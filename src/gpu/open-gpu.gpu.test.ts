import { afterEach, describe, expect, it, vi } from "vitest";
import { NextTokenError } from "../errors.ts";
import type { Gpu } from "./gpu.ts";
import { openGpu, requestGpu } from "./open-gpu.ts";

// Each test spoils its own device.
let gpu: Gpu;
const open = async () => {
  gpu = await openGpu();
  return gpu;
};
afterEach(() => gpu.destroy());

const { STORAGE, COPY_DST, MAP_READ } = GPUBufferUsage;
const invalidUsage = MAP_READ | STORAGE; // mappable buffers are for copies alone
const failure = (code: string) => expect.objectContaining({ name: "NextTokenError", code });

/** Something that WebGPU refuses, but only tells those who listen. */
const spoil = () => gpu.webgpu.createBuffer({ label: "spoilt", size: 16, usage: invalidUsage });
const nextUncaptured = () =>
  new Promise((resolve) => gpu.webgpu.addEventListener("uncapturederror", resolve));

describe("scoped", () => {
  it("gives what was created, also later", async () => {
    await open();
    expect(await gpu.scoped(() => 7)).toBe(7);
    expect(await gpu.scoped(async () => 8)).toBe(8);
  });

  it("turns what WebGPU refuses into an error that quotes it", async () => {
    await open();
    gpu.webgpu.pushErrorScope("validation");
    spoil();
    const refusal = (await gpu.webgpu.popErrorScope())!.message;
    expect(refusal).toMatch(/usage/i);
    const error: unknown = await gpu.scoped(spoil).catch((reason: unknown) => reason);
    expect(error).toEqual(failure("gpu-error"));
    expect((error as Error).message).toContain(`The GPU refused a command: ${refusal}`);
    expect(() => gpu.check(), "it was captured").not.toThrow();
  });

  it("throws the creator's own error, now or later", async () => {
    await open();
    const own = new Error("own");
    await expect(gpu.scoped(() => Promise.reject(own))).rejects.toBe(own);
    const throwing = () => {
      throw own;
    };
    await expect(gpu.scoped(throwing)).rejects.toBe(own);
    expect(await gpu.scoped(() => 7), "no scope is left open").toBe(7);
  });

  it("keeps nothing of what failed, whoever refused it", async () => {
    const { accounting } = await open();
    const kept = gpu.createBuffer("kept", 16, STORAGE);
    const own = new Error("own");
    const throwing = () => {
      gpu.createBuffer("lost", 32, STORAGE);
      throw own;
    };
    const refused = () => {
      gpu.createBuffer("lost", 64, STORAGE);
      spoil();
    };
    const rejected = () => {
      gpu.createBuffer("lost", 128, STORAGE);
      return Promise.reject(own);
    };
    const fine = gpu.scoped(() => gpu.createBuffer("fine", 256, STORAGE));
    for (const create of [throwing, refused, rejected]) await expect(gpu.scoped(create)).rejects.toThrow();
    await fine;
    expect(accounting.byLabel()).toEqual([
      ["fine", 256],
      ["kept", kept.size],
    ]);
    expect(accounting.destroyedBytes).toBe(32 + 64 + 128);
  });

  it("keeps errors of tasks that overlap apart", async () => {
    await open();
    const wait = () => new Promise((resolve) => setTimeout(resolve, 20, "fine"));
    const results = await Promise.allSettled([gpu.scoped(wait), gpu.scoped(spoil), gpu.scoped(wait)]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });
});

describe("an error outside every scope", () => {
  it("is thrown by the next check, and by every one after it", async () => {
    await open();
    gpu.check();
    const uncaptured = nextUncaptured();
    spoil();
    gpu.webgpu.queue.submit([]); // Chromium tells of errors with what it sends next
    await uncaptured;
    expect(() => gpu.check()).toThrow(failure("gpu-error"));
    expect(() => gpu.check()).toThrow(failure("gpu-error"));
    await expect(gpu.scoped(() => 7)).rejects.toEqual(failure("gpu-error"));
  });

  it("is the first one, when one leads to another", async () => {
    await open();
    const report = (error: GPUError) =>
      gpu.webgpu.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error }));
    report(new GPUOutOfMemoryError("no room"));
    report(new GPUValidationError("no buffer"));
    expect(() => gpu.check()).toThrow(failure("out-of-memory"));
  });
});

describe("createBuffer", () => {
  it("enters labelled buffers of whole words in the accounting", async () => {
    await open();
    const buffers = [0, 1, 4, 6].map((bytes) => gpu.createBuffer("some", bytes, COPY_DST));
    expect(buffers.map(({ size, label }) => [size, label])).toEqual(
      [4, 4, 4, 8].map((size) => [size, "some"]),
    );
    expect([gpu.accounting.createdBytes, gpu.accounting.liveBuffers]).toEqual([20, 4]);
    for (const buffer of buffers) gpu.destroyBuffer(buffer);
    expect([gpu.accounting.liveBytes, gpu.accounting.destroyedBytes]).toEqual([0, 20]);
  });

  it("of more than the device allows is an error, not silence", async () => {
    await open();
    const tooLarge = gpu.limits.maxBufferSize + 4;
    await expect(gpu.scoped(() => gpu.createBuffer("large", tooLarge, STORAGE))).rejects.toEqual(
      failure("gpu-error"),
    );
  });
});

it("is lost when it is destroyed: nothing works any longer, and everything says so", async () => {
  await open();
  gpu.destroy();
  const error = await gpu.lost;
  expect(error).toBeInstanceOf(NextTokenError);
  expect(error).toEqual(failure("device-lost"));
  expect(() => gpu.check()).toThrow(failure("device-lost"));
  await expect(gpu.scoped(() => 7)).rejects.toEqual(failure("device-lost"));
});

describe("an adapter with no more than WebGPU's default limits", () => {
  const defaults = { maxStorageBufferBindingSize: 134217728, maxBufferSize: 268435456 };

  const openDefault = async () => {
    const adapter = (await navigator.gpu.requestAdapter())!;
    const requestDevice = vi.fn((asked: GPUDeviceDescriptor) => adapter.requestDevice(asked));
    const limits = {
      ...{ maxStorageBuffersPerShaderStage: 8, maxComputeInvocationsPerWorkgroup: 256 },
      ...{ maxComputeWorkgroupStorageSize: 16384, ...defaults },
    };
    const { features, info } = adapter;
    gpu = await requestGpu({ limits, features, info, requestDevice } as unknown as GPUAdapter);
    return requestDevice;
  };

  it("is asked for these and gives them", async () => {
    const requestDevice = await openDefault();
    expect(requestDevice.mock.lastCall![0].requiredLimits).toMatchObject(defaults);
    expect(gpu.limits.maxStorageBufferBindingSize).toBe(defaults.maxStorageBufferBindingSize);
    expect(gpu.limits.maxBufferSize).toBe(defaults.maxBufferSize);
  });

  it("refuses GPT-2's embedding in one binding, with an error", async () => {
    await openDefault();
    const bind = () => {
      const layout = gpu.webgpu.createBindGroupLayout({
        entries: [{ binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: "read-only-storage" } }],
      });
      const buffer = gpu.createBuffer("tok_emb", 50257 * 768 * 4, STORAGE);
      gpu.webgpu.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] });
    };
    await expect(gpu.scoped(bind)).rejects.toEqual(failure("gpu-error"));
  });
});

it("has names for the adapter", async () => {
  await open();
  expect(gpu.adapter.name).not.toBe("");
  const { info } = (await navigator.gpu.requestAdapter())!;
  if (info.isFallbackAdapter) expect(gpu.adapter.isSoftware).toBe(true);
});
