import type { Gpu } from "./device.ts";

/**
 * Staging buffers for results that come back while the GPU goes on with the next step.
 * `copy` is called while encoding, `read` after submitting; a slot is free again when its promise has settled.
 */
export class ReadbackRing {
  readonly #gpu: Gpu;
  readonly #free: GPUBuffer[] = [];
  readonly #all: GPUBuffer[] = [];

  constructor(gpu: Gpu, label: string, bytes: number, slots: number) {
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

  /** Encodes copies of `sources`, one after the other, into a free slot; undefined when no slot is free. */
  copy(
    encoder: GPUCommandEncoder,
    sources: readonly { buffer: GPUBuffer; bytes: number }[],
  ): GPUBuffer | undefined {
    const slot = this.#free.pop();
    let at = 0;
    if (slot) {
      for (const { buffer, bytes } of sources) {
        encoder.copyBufferToBuffer(buffer, 0, slot, at, bytes);
        at += bytes;
      }
    }
    return slot;
  }

  /** The slot's bytes, copied out; frees the slot. */
  async read(slot: GPUBuffer): Promise<ArrayBuffer> {
    const bytes = await mapAndCopy(this.#gpu, slot, slot.size);
    this.#free.push(slot);
    return bytes;
  }

  destroy(): void {
    for (const buffer of this.#all) this.#gpu.destroyBuffer(buffer);
  }
}

/** Reads `bytes` bytes of `buffer` once, through a staging buffer of its own. The token loop uses a `ReadbackRing`. */
export async function readBuffer(gpu: Gpu, buffer: GPUBuffer, bytes = buffer.size): Promise<ArrayBuffer> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = await gpu.scoped(() => gpu.createBuffer(`readback of ${buffer.label}`, bytes, usage));
  try {
    const encoder = gpu.device.createCommandEncoder({ label: staging.label });
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
    gpu.device.queue.submit([encoder.finish()]);
    return await mapAndCopy(gpu, staging, bytes);
  } finally {
    gpu.destroyBuffer(staging);
  }
}

async function mapAndCopy(gpu: Gpu, staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
  let copy: ArrayBuffer;
  try {
    await gpu.answers.wait(staging.mapAsync(GPUMapMode.READ, 0, bytes));
    copy = staging.getMappedRange(0, bytes).slice(0);
    staging.unmap(); // wgpu throws here where the device was lost after the map
  } catch (reason) {
    // A map fails for the loss of the device, an error that came earlier, or because its owner destroyed the buffer.
    throw await gpu.explain(reason);
  }
  gpu.check();
  return copy;
}
