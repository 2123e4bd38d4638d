import type { DispatchInfo } from "../../src/device/recording.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { wholeWeights } from "../../src/kernels/bytes.ts";
import { recordSum, streamingRate } from "../../src/kernels/streaming.ts";
import { nameOf, type Sum, sums } from "../../src/kernels/sums.ts";
import type { StreamingRow } from "./result.ts";
import { SAMPLES } from "./sampling.ts";

const STORAGE = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;

/** Smaller tensors are left out: for a few kilobytes the start of the dispatch would be measured. */
const LARGE = 1024 * 1024;

const LONG_ENOUGH_MS = 100;

/**
 * The roofline: how fast each of the sums reads the weights that a decode step reads, in GB/s. The best of its samples
 * counts, because the question is what the adapter can do.
 */
export async function timeStreaming(device: Gpu, step: readonly DispatchInfo[]): Promise<StreamingRow[]> {
  const weights = [...new Set(step.flatMap(wholeWeights))];
  const large = weights.filter(({ size }) => size >= LARGE && size % 16 === 0);
  const rows: StreamingRow[] = [];
  for (const sum of large.length > 0 ? sums : []) {
    await checkSum(device, sum);
    const gb_per_s = await streamingRate(device, sum, large, {
      samples: SAMPLES,
      longEnoughMs: LONG_ENOUGH_MS,
    });
    rows.push({ kernel: nameOf(sum), gb_per_s });
  }
  return rows.sort((a, b) => b.gb_per_s - a.gb_per_s);
}

/** A kernel that reads only part of its input would raise the roofline: so each must first add up known numbers. */
async function checkSum(device: Gpu, sum: Sum): Promise<void> {
  const values = Float32Array.from({ length: 4 * 50021 }, (_, i) => i % 7); // whole numbers: exact in any order
  const expected = values.reduce((total, value) => total + value, 0);
  const x = device.createBuffer("known numbers", values.byteLength, STORAGE);
  device.write(x, 0, values);
  const { recording, results, destroy } = await recordSum(device, sum, [x]);
  try {
    recording.run();
    const parts = new Float32Array(await device.read(results[0]!));
    const total = parts.reduce((sum, part) => sum + part, 0);
    if (total !== expected) throw new Error(`${nameOf(sum)} adds up to ${total} instead of ${expected}.`);
  } finally {
    destroy();
    device.destroyBuffer(x);
  }
}
