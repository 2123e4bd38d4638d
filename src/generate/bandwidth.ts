import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import { streamingRate } from "../kernels/streaming.ts";
import { sums } from "../kernels/sums.ts";

const found = new WeakMap<Device, Promise<number>>();

/** A shorter read would time the start of a dispatch, and fit into a processor's cache. */
const LEAST_BYTES = 1024 * 1024;

/**
 * How fast this adapter reads memory, in GB/s: the best of a few kernels that only add up the largest of `weights`. It is
 * a yardstick and no bound: a step that finds some of its data in a cache may be faster.
 * Measured once; undefined where no tensor is large enough to tell. `check` throws once the weights may no longer be read.
 */
export async function bandwidth(
  device: Device,
  weights: readonly DeviceBuffer[],
  check: () => void,
): Promise<number | undefined> {
  const largest = weights
    .filter(({ size }) => size >= LEAST_BYTES && size % 16 === 0)
    .sort((a, b) => b.size - a.size)[0];
  let measured = found.get(device);
  if (!measured && largest) {
    measured = measure(device, largest, check);
    measured.catch(() => found.delete(device));
    found.set(device, measured);
  }
  return measured;
}

async function measure(device: Device, largest: DeviceBuffer, check: () => void): Promise<number> {
  let best = 0;
  for (const sum of sums) {
    best = Math.max(
      best,
      await streamingRate(device, sum, [largest], { samples: 3, longEnoughMs: 20, check }),
    );
  }
  return best;
}
