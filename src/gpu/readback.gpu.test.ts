import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Gpu } from "./gpu.ts";
import type { GpuReadbackRing } from "./gpu-readback-ring.ts";
import type { GpuRecording } from "./gpu-recording.ts";
import { openGpu } from "./open-gpu.ts";

let gpu: Gpu;
let nothing: GpuRecording;
beforeEach(async () => {
  gpu = await openGpu();
  nothing = gpu.createRecording("nothing");
  await nothing.prepare();
});
afterEach(() => gpu.destroy());

function bufferOf(...values: number[]): GPUBuffer {
  const buffer = gpu.createBuffer(
    "source",
    4 * values.length,
    GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  );
  gpu.write(buffer, 0, Uint32Array.from(values));
  return buffer;
}

/** Reads `sources` through the ring, behind no dispatch; undefined when no slot is free. */
function send(ring: GpuReadbackRing, ...sources: GPUBuffer[]): Promise<ArrayBuffer> | undefined {
  const read = sources.map((buffer) => ({ buffer, bytes: buffer.size }));
  return ring.runAndRead(nothing, 0, read);
}

const words = (bytes: ArrayBuffer) => [...new Uint32Array(bytes)];
const deviceLost = expect.objectContaining({ name: "NextTokenError", code: "device-lost" });

/** Fails when `promise` has not settled within five seconds; a readback may be slow, but must not hang. */
const soon = <T>(promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error("It hangs.")), 5000)),
  ]);

describe("a single read", () => {
  it("reads a buffer, or a part of it, and leaves no staging buffer behind", async () => {
    const buffer = bufferOf(1, 2, 3);
    const before = gpu.accounting.liveBytes;
    expect(words(await gpu.read(buffer))).toEqual([1, 2, 3]);
    expect(words(await gpu.read(buffer, 8))).toEqual([1, 2]);
    expect(words(await gpu.read(buffer, 8, 4))).toEqual([2, 3]);
    expect(gpu.accounting.liveBytes).toBe(before);
  });

  it("throws an error that came earlier, rather than give bytes that may be wrong", async () => {
    const buffer = bufferOf(1);
    const uncaptured = new Promise((resolve) => gpu.webgpu.addEventListener("uncapturederror", resolve));
    gpu.webgpu.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    await uncaptured;
    await expect(gpu.read(buffer)).rejects.toEqual(expect.objectContaining({ code: "gpu-error" }));
  });

  it("throws device-lost when the device goes while it waits, or has gone", async () => {
    const buffer = bufferOf(1, 2, 3);
    const reading = gpu.read(buffer);
    gpu.destroy();
    await expect(soon(reading)).rejects.toEqual(deviceLost);
    await expect(soon(gpu.read(buffer))).rejects.toEqual(deviceLost);
  });
});

describe("a ring", () => {
  it("brings several sources back one after the other in one slot", async () => {
    const ring = gpu.createReadbackRing("ring", 20, 1);
    const read = send(ring, bufferOf(1, 2), bufferOf(3), bufferOf(4, 5))!;
    expect(words(await read)).toEqual([1, 2, 3, 4, 5]);
  });

  it("has its slots on their way at once, each with what was copied when it left", async () => {
    const ring = gpu.createReadbackRing("ring", 4, 3);
    const source = bufferOf(0);
    const reads = [10, 20, 30].map((value) => {
      gpu.write(source, 0, Uint32Array.of(value));
      return send(ring, source)!;
    });
    expect((await Promise.all(reads)).map(words)).toEqual([[10], [20], [30]]);
  });

  it("has no slot when all are on their way, and has it again when one is back", async () => {
    const ring = gpu.createReadbackRing("ring", 4, 2);
    const source = bufferOf(6);
    const [first] = [send(ring, source)!, send(ring, source)!];
    expect(send(ring, source)).toBeUndefined();
    await first;
    expect(words(await send(ring, source)!)).toEqual([6]);
  });

  it("goes round many times with the buffers it began with", async () => {
    const ring = gpu.createReadbackRing("ring", 4, 2);
    const source = bufferOf(0);
    const before = gpu.accounting.createdBytes;
    for (let i = 0; i < 10; i++) {
      gpu.write(source, 0, Uint32Array.of(i));
      expect(words(await send(ring, source)!)).toEqual([i]);
    }
    expect(gpu.accounting.createdBytes).toBe(before);
  });

  it("throws device-lost when the device goes while results are on their way", async () => {
    const ring = gpu.createReadbackRing("ring", 4, 2);
    const source = bufferOf(1);
    const reads = [send(ring, source)!, send(ring, source)!];
    gpu.destroy();
    for (const read of reads) await expect(soon(read)).rejects.toEqual(deviceLost);
  });

  it("ends a read whose slot its owner destroys, with the device still there", async () => {
    const ring = gpu.createReadbackRing("ring", 4, 2);
    const before = gpu.accounting.liveBytes;
    const read = send(ring, bufferOf(1))!;
    ring.destroy();
    await expect(soon(read)).rejects.toThrow();
    expect(gpu.accounting.liveBytes).toBe(before - 2 * 4 + 4); // the slots are gone, the source is not
    expect(() => gpu.check()).not.toThrow();
  });
});
