import type { ReadbackRing, ReadSource } from "../device/readback-ring.ts";
import type { Recording } from "../device/recording.ts";
import type { GpuContext } from "./gpu-context.ts";
import type { GpuRecording } from "./gpu-recording.ts";
import { mapAndCopy } from "./readback.ts";

/** Staging buffers that are mapped one after the other; a slot is free again when its promise has settled. */
export class GpuReadbackRing implements ReadbackRing {
  readonly #gpu: GpuContext;
  readonly #free: GPUBuffer[] = [];
  readonly #all: GPUBuffer[] = [];

  constructor(gpu: GpuContext, label: string, bytes: number, slots: number) {
    this.#gpu = gpu;
    for (let i = 0; i < slots; i++) {
      const buffer = gpu.createBuffer(
        `${label} ${i}`,
        bytes,
        GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      );
      this.#all.push(buffer);
      this.#free.push(buffer);
    }
  }

  /** In one submission. */
  runAndRead(
    recording: Recording,
    first: number,
    sources: readonly ReadSource[],
  ): Promise<ArrayBuffer> | undefined {
    const slot = this.#free.pop();
    if (!slot) return undefined;
    const encoder = (recording as GpuRecording).encoder(first);
    let at = 0;
    for (const { buffer, bytes } of sources) {
      encoder.copyBufferToBuffer(buffer as GPUBuffer, 0, slot, at, bytes);
      at += bytes;
    }
    this.#gpu.webgpu.queue.submit([encoder.finish()]);
    return this.#read(slot);
  }

  destroy(): void {
    for (const buffer of this.#all) this.#gpu.destroyBuffer(buffer);
  }

  /** The slot's bytes, copied out; frees the slot. */
  async #read(slot: GPUBuffer): Promise<ArrayBuffer> {
    const bytes = await mapAndCopy(this.#gpu, slot, slot.size);
    this.#free.push(slot);
    return bytes;
  }
}
