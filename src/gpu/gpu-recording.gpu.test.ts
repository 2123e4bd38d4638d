import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { defineKernel } from "../device/kernel.ts";
import { affine } from "../test/affine-kernel.ts";
import type { Gpu } from "./gpu.ts";
import type { GpuRecording } from "./gpu-recording.ts";
import { openGpu } from "./open-gpu.ts";
import { PipelineCache } from "./pipeline-cache.ts";

const size = 70;
const start = Uint32Array.from({ length: size }, (_, i) => i);

let gpu: Gpu;
let recording: GpuRecording;
let a: GPUBuffer;
let b: GPUBuffer;

const makeBuffer = (label: string) => {
  const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
  return gpu.createBuffer(label, 4 * size, STORAGE | COPY_SRC | COPY_DST);
};

beforeEach(async () => {
  gpu = await openGpu();
  recording = gpu.createRecording("test");
  a = makeBuffer("a");
  b = makeBuffer("b");
  gpu.write(a, 0, start);
});
afterEach(() => gpu.destroy());

/** Names of the device's create calls from now on, but for command encoders, which are for one use. */
function listenToCreation(): string[] {
  const calls: string[] = [];
  const { webgpu: device } = gpu;
  const names = Object.getOwnPropertyNames(GPUDevice.prototype).filter((name) => name.startsWith("create"));
  for (const name of names as (keyof GPUDevice & `create${string}`)[]) {
    const original = (device[name] as (...given: unknown[]) => unknown).bind(device);
    const record = (...given: unknown[]) => {
      if (name !== "createCommandEncoder") calls.push(name);
      return original(...given);
    };
    Object.defineProperty(device, name, { value: record, configurable: true });
  }
  return calls;
}

function replay(): void {
  const encoder = gpu.webgpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  recording.encode(pass);
  pass.end();
  gpu.webgpu.queue.submit([encoder.finish()]);
}

const contentOf = async (buffer: GPUBuffer) => [...new Uint32Array(await gpu.read(buffer))];
const startBy = (f: (x: number) => number) => [...start].map(f);

describe("replaying", () => {
  it("runs the dispatches in order, each with its own dims", async () => {
    recording.add(affine, { x: a, y: b }, { size, factor: 3, offset: 1 });
    recording.add(affine, { x: b, y: a }, { size, factor: 2, offset: 5 });
    await recording.prepare();
    replay();
    expect(await contentOf(b)).toEqual(startBy((x) => 3 * x + 1));
    expect(await contentOf(a)).toEqual(startBy((x) => 6 * x + 7));
  });

  it("runs a kernel with fixed dims once for each of their values", async () => {
    const wgsl = affine.wgsl.replace("  factor: u32,\n", "").replace("dims.factor", "factor");
    const times = defineKernel({ ...affine, label: "affine, factor fixed", wgsl, fixed: ["factor"] });
    recording.add(times, { x: a, y: b }, { size, factor: 3, offset: 1 });
    recording.add(times, { x: b, y: a }, { size, factor: 2, offset: 5 });
    await recording.prepare();
    replay();
    expect(await contentOf(b)).toEqual(startBy((x) => 3 * x + 1));
    expect(await contentOf(a)).toEqual(startBy((x) => 6 * x + 7));
  });

  it("works again and again, and creates nothing", async () => {
    recording.add(affine, { x: a, y: b }, { size, factor: 2, offset: 0 });
    recording.add(affine, { x: b, y: a }, { size, factor: 1, offset: 1 });
    await recording.prepare();
    const calls = listenToCreation();
    for (let i = 0; i < 3; i++) replay(); // a = 2 a + 1, three times
    expect(calls).toEqual([]);
    expect(await contentOf(a)).toEqual(startBy((x) => 8 * x + 7));
    expect(calls, "the listener hears the readback").toEqual(["createBuffer"]);
  });

  it("gives the same from the same", async () => {
    recording.add(affine, { x: a, y: b }, { size, factor: 7, offset: 9 });
    await recording.prepare();
    replay();
    const first = await contentOf(b);
    gpu.write(b, 0, new Uint32Array(size));
    replay();
    expect(await contentOf(b)).toEqual(first);
  });
});

describe("recording again after clear", () => {
  const record = (factor: number, y = b) => {
    recording.clear();
    recording.add(affine, { x: a, y }, { size, factor, offset: 0 });
    return recording.prepare();
  };

  it("creates nothing for the same kernel and buffers, whatever the dims", async () => {
    await record(2);
    replay();
    const calls = listenToCreation();
    await record(5);
    replay();
    expect(calls).toEqual([]);
    expect(await contentOf(b)).toEqual(startBy((x) => 5 * x));
  });

  it("creates one bind group for a buffer that it has not met", async () => {
    await record(2);
    const c = makeBuffer("c");
    const calls = listenToCreation();
    await record(3, c);
    expect(calls).toEqual(["createBindGroup"]);
    replay();
    expect(await contentOf(c)).toEqual(startBy((x) => 3 * x));
  });

  it("makes room for more dispatches than before, and lets the old room go", async () => {
    await record(2);
    const before = gpu.accounting.liveBuffers;
    for (let i = 0; i < 20; i++) recording.add(affine, { x: a, y: b }, { size, factor: i, offset: i });
    await recording.prepare();
    replay();
    expect(await contentOf(b)).toEqual(startBy((x) => 19 * x + 19));
    expect(gpu.accounting.liveBuffers).toBe(before);
  });
});

it("tells constants apart", async () => {
  recording.add(affine, { x: a, y: b }, { size, factor: 1, offset: 0 }, { extra: 100 });
  recording.add(affine, { x: b, y: a }, { size, factor: 1, offset: 0 });
  await recording.prepare();
  replay();
  expect(await contentOf(a)).toEqual(startBy((x) => x + 100));
});

it("describes each dispatch", () => {
  recording.add(affine, { x: a, y: b }, { size, factor: 1, offset: 0 }, { extra: 1 });
  expect(recording.dispatches).toMatchObject([
    { kernel: affine, buffers: { x: a, y: b }, dims: { size, factor: 1 }, constants: { extra: 1 } },
  ]);
  expect(recording.dispatches[0]!.workgroups).toEqual([2, 1, 1]);
});

it("refuses to run what is not prepared", async () => {
  const notPrepared = expect.objectContaining({ name: "NextTokenError", code: "gpu-error" });
  const pass = gpu.webgpu.createCommandEncoder().beginComputePass();
  recording.add(affine, { x: a, y: b }, { size, factor: 1, offset: 0 });
  expect(() => recording.encode(pass)).toThrow(notPrepared);
  await recording.prepare();
  recording.encode(pass);
  recording.add(affine, { x: b, y: a }, { size, factor: 1, offset: 0 });
  expect(() => recording.encode(pass)).toThrow(notPrepared);
});

it("leaves nothing behind when destroyed", async () => {
  const before = gpu.accounting.liveBytes;
  recording.add(affine, { x: a, y: b }, { size, factor: 1, offset: 0 });
  await recording.prepare();
  expect(gpu.accounting.liveBytes).toBeGreaterThan(before);
  recording.destroy();
  expect(gpu.accounting.liveBytes).toBe(before);
});

describe("the pipeline cache", () => {
  it("compiles a kernel once for each set of constants", async () => {
    const compiled = vi.spyOn(gpu.webgpu, "createComputePipelineAsync");
    const compile = (extra: number) => gpu.pipelines.compile(affine, { extra });
    const [one, same, other] = await Promise.all([compile(1), compile(1), compile(2)]);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
    expect(await compile(1)).toBe(one);
    expect(gpu.pipelines.get(PipelineCache.key(affine, { extra: 1 }))).toBe(one);
    expect(compiled).toHaveBeenCalledTimes(2);
  });

  it("says what is wrong with a shader that does not compile", async () => {
    const wrong = { ...affine, label: "wrong", wgsl: affine.wgsl.replace("dims.factor", "no_such_thing") };
    const error: unknown = await gpu.pipelines.compile(wrong, {}).catch((reason: unknown) => reason);
    expect(error).toEqual(expect.objectContaining({ name: "NextTokenError", code: "gpu-error" }));
    expect((error as Error).message).toContain("no_such_thing");
    expect(gpu.pipelines.get(PipelineCache.key(wrong, {}))).toBeUndefined();
  });

  it("tries again what failed once", async () => {
    vi.spyOn(gpu.webgpu, "createComputePipelineAsync").mockRejectedValueOnce(new Error("busy"));
    await expect(gpu.pipelines.compile(affine, {})).rejects.toThrow("busy");
    expect((await gpu.pipelines.compile(affine, {})).pipeline).toBeInstanceOf(GPUComputePipeline);
  });
});
