import { timeRecording } from "../gpu/dispatch-timer.ts";
import type { Engine } from "../gpu/engine.ts";
import { Recording } from "../gpu/recording.ts";
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
  engine: Engine,
  sum: Sum,
  inputs: readonly GPUBuffer[],
  { samples, longEnoughMs, check = () => {} }: StreamingOptions,
): Promise<number> {
  const { recording, destroy } = await recordSum(engine, sum, inputs);
  const run = (repeats: number) => {
    check();
    return timeRecording(engine.gpu, recording, repeats);
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
export async function recordSum({ gpu, pipelines }: Engine, sum: Sum, inputs: readonly GPUBuffer[]) {
  const recording = new Recording(nameOf(sum), gpu, pipelines);
  const results = await gpu.scoped(() =>
    inputs.map(({ size }) => gpu.createStorage("partial sums", outputs(sum, size / 16) * 4)),
  );
  const destroy = () => {
    recording.destroy();
    for (const y of results) gpu.destroyBuffer(y);
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
