import type { DispatchInfo } from "../../src/device/recording.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import type { GpuRecording } from "../../src/gpu/gpu-recording.ts";
import { bytesRead } from "../../src/kernels/bytes.ts";
import { PassTimer } from "./pass-timer.ts";
import type { KernelRow } from "./result.ts";
import { SAMPLES } from "./sampling.ts";
import { median } from "./statistics.ts";

/** What takes longer is timed once. */
const PATIENCE_MS = 1000;

/**
 * Where the time of a step goes: its dispatches by kernel and shape of weights, each group run alone and repeated. Alone,
 * small weights may stay in the processor's cache, and no dispatch waits for another kernel: so the rows need not add
 * up to the step. `kv_len`: tokens in the cache.
 */
export async function timeKernels(
  device: Gpu,
  step: readonly DispatchInfo[],
  kv_len: number,
): Promise<{ rows: KernelRow[]; method: string }> {
  const timer = new PassTimer(device);
  const rows: KernelRow[] = [];
  try {
    for (const [kernel, dispatches] of groupByShape(step)) {
      const recording = device.createRecording(kernel);
      for (const { kernel, buffers, dims, constants } of dispatches) {
        recording.add(kernel, buffers, dims, constants);
      }
      await recording.prepare();
      const ms = await medianOf(timer, (pass) => recording.encode(pass));
      recording.destroy();
      const bytes = bytesRead(dispatches, kv_len);
      rows.push({ kernel, dispatches: dispatches.length, ms, bytes, gb_per_s: bytes / ms / 1e6 });
    }
    return { rows: rows.sort((a, b) => b.ms - a.ms), method: timer.method };
  } finally {
    timer.destroy();
  }
}

/** Milliseconds that a whole step takes on the GPU: its dispatches in one pass, as they are submitted. */
export async function timeStep(device: Gpu, step: GpuRecording): Promise<number> {
  const timer = new PassTimer(device);
  try {
    return await medianOf(timer, (pass) => step.encode(pass));
  } finally {
    timer.destroy();
  }
}

async function medianOf(timer: PassTimer, encode: (pass: GPUComputePassEncoder) => void): Promise<number> {
  const times: number[] = [];
  do times.push(await timer.time(encode));
  while (times.length < SAMPLES && times[0]! < PATIENCE_MS);
  return median(times);
}

/** The dispatches that read more where more tokens are in the cache. */
export const growing = (step: readonly DispatchInfo[]): DispatchInfo[] =>
  step.filter((dispatch) => bytesRead([dispatch], 2) > bytesRead([dispatch], 1));

/** Dispatches by kernel and, for a product, by the shape of its weights, on which their cost depends. */
export function groupByShape(step: readonly DispatchInfo[]): Map<string, DispatchInfo[]> {
  const groups = new Map<string, DispatchInfo[]>();
  for (const dispatch of step) {
    const { in_dim, out_dim } = dispatch.dims;
    const shape = in_dim === undefined ? "" : ` ${in_dim} -> ${out_dim}`;
    const name = dispatch.kernel.label + shape;
    groups.set(name, [...(groups.get(name) ?? []), dispatch]);
  }
  return groups;
}
