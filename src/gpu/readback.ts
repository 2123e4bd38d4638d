import type { GpuContext } from "./gpu-context.ts";

/** Reads `bytes` bytes of `buffer` once, through a staging buffer of its own. */
export async function readBuffer(
  gpu: GpuContext,
  buffer: GPUBuffer,
  bytes: number,
  byteOffset: number,
): Promise<ArrayBuffer> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = await gpu.scoped(() => gpu.createBuffer(`readback of ${buffer.label}`, bytes, usage));
  try {
    const encoder = gpu.webgpu.createCommandEncoder({ label: staging.label });
    encoder.copyBufferToBuffer(buffer, byteOffset, staging, 0, bytes);
    gpu.webgpu.queue.submit([encoder.finish()]);
    return await mapAndCopy(gpu, staging, bytes);
  } finally {
    gpu.destroyBuffer(staging);
  }
}

/** The first bytes of a buffer that can be mapped. */
export async function mapAndCopy(gpu: GpuContext, staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
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
