import type { GpuContext } from "./gpu-context.ts";
import { readBuffer } from "./readback.ts";

/** What can be replayed into a compute pass. */
interface Encodable {
  readonly label: string;
  readonly dispatches: readonly unknown[];
  encode(pass: GPUComputePassEncoder, first?: number, end?: number): void;
}

/** The most queries in a query set, by the specification. */
const MAX_QUERIES = 4096;

/** Query results are resolved at multiples of this many bytes. */
const RESOLVE_ALIGNMENT = 256;

/**
 * Microseconds that each dispatch of a recording takes, by the GPU's own clock: the mean over `runs` of the whole
 * recording, each dispatch in a compute pass of its own. Browsers round that clock, often to 100 us; the mean of many runs
 * is more exact. Undefined without the feature "timestamp-query", and for more dispatches than one query set can time.
 */
export async function timeDispatches(
  gpu: GpuContext,
  recording: Encodable,
  runs: number,
): Promise<number[] | undefined> {
  const { webgpu: device } = gpu;
  const count = recording.dispatches.length;
  if (!gpu.features.has("timestamp-query") || 2 * count > MAX_QUERIES) return undefined;
  const stride = Math.ceil((16 * count) / RESOLVE_ALIGNMENT) * RESOLVE_ALIGNMENT;
  const querySet = device.createQuerySet({ label: "dispatch timer", type: "timestamp", count: 2 * count });
  const resolved = gpu.createBuffer(
    "dispatch timer",
    runs * stride,
    GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  );
  try {
    const encoder = device.createCommandEncoder({ label: "dispatch timer" });
    for (let run = 0; run < runs; run++) {
      for (let i = 0; i < count; i++) {
        const timestampWrites = {
          querySet,
          beginningOfPassWriteIndex: 2 * i,
          endOfPassWriteIndex: 2 * i + 1,
        };
        const pass = encoder.beginComputePass({ label: recording.label, timestampWrites });
        recording.encode(pass, i, i + 1);
        pass.end();
      }
      encoder.resolveQuerySet(querySet, 0, 2 * count, resolved, run * stride);
    }
    device.queue.submit([encoder.finish()]);
    const ticks = new BigInt64Array(await readBuffer(gpu, resolved, resolved.size, 0));
    const nanoseconds = (run: number, i: number) => {
      const at = (run * stride) / 8 + 2 * i;
      return Number(ticks[at + 1]! - ticks[at]!);
    };
    return Array.from({ length: count }, (_, i) => {
      let total = 0;
      for (let run = 0; run < runs; run++) total += nanoseconds(run, i);
      return total / runs / 1000;
    });
  } finally {
    querySet.destroy();
    gpu.destroyBuffer(resolved);
  }
}

/** Milliseconds of wall time, from submission to completion, that one run of the recording takes: the mean over `runs`. */
export async function timeRecording(gpu: GpuContext, recording: Encodable, runs: number): Promise<number> {
  const encoder = gpu.webgpu.createCommandEncoder({ label: recording.label });
  const pass = encoder.beginComputePass({ label: recording.label });
  for (let run = 0; run < runs; run++) recording.encode(pass);
  pass.end();
  const start = performance.now();
  gpu.webgpu.queue.submit([encoder.finish()]);
  await gpu.finished();
  return (performance.now() - start) / runs;
}
