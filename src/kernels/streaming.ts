import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import { nameOf, outputs, type Sum } from "./sums.ts";

export interface StreamingOptions {
  /** Measurements of which the best counts. */
  samples: number;
  /** The inputs are read again until a sample takes this long. */
  longEnoughMs: number;
  /** Called before each submission; throws where the inputs may no longer be read. */
  check?: () => void;
}

const MAX_REPEATS = 400;

/**
 * How fast `sum` reads `inputs` (sizes a multiple of 16 bytes), in GB/s, by wall time from submission to
 * completion. Other kernels may read faster, where they are helped by a cache.
 */
export async function streamingRate(
  device: Device,
  sum: Sum,
  inputs: readonly DeviceBuffer[],
  { samples, longEnoughMs, check = () => {} }: StreamingOptions,
): Promise<number> {
  const { recording, destroy } = await recordSum(device, sum, inputs);
  const run = (repeats: number) => {
    check();
    return recording.time(repeats);
  };
  try {
    const warmUp = await run(1);
    const repeats = Math.min(MAX_REPEATS, Math.ceil(longEnoughMs / Math.max(warmUp, 0.01)));
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < samples; i++) best = Math.min(best, await run(repeats));
    return inputs.reduce((total, { size }) => total + size, 0) / best / 1e6;
  } finally {
    destroy();
  }
}

/** One dispatch an input, each with an output of its own, so that none waits for another. */
export async function recordSum(device: Device, sum: Sum, inputs: readonly DeviceBuffer[]) {
  const recording = device.createRecording(nameOf(sum));
  const results = await device.scoped(() =>
    inputs.map(({ size }) => device.createStorage("partial sums", outputs(sum, size / 16) * 4)),
  );
  const destroy = () => {
    recording.destroy();
    for (const y of results) device.destroyBuffer(y);
  };
  for (const [i, x] of inputs.entries())
    recording.add(sum.kernel, { x, y: results[i]! }, { count: x.size / 16 }, sum.constants);
  try {
    await recording.prepare();
  } catch (reason) {
    destroy();
    throw reason;
  }
  return { recording, results, destroy };
}
