import type { Engine } from "../gpu/engine.ts";
import { Recording } from "../gpu/recording.ts";
import { nameOf, outputs, type Sum } from "./sums.ts";

export interface StreamingOptions {
  /** Measurements of which the best counts. */
  samples: number;
  /** The inputs are read again until a sample takes this long. */
  longEnoughMs: number;
}

const MAX_REPEATS = 400;

/**
 * How fast `sum` reads `inputs` (sizes a multiple of 16 bytes), in GB/s: what the adapter can do at best, by wall time
 * from submission to completion.
 */
export async function streamingRate(
  engine: Engine,
  sum: Sum,
  inputs: readonly GPUBuffer[],
  { samples, longEnoughMs }: StreamingOptions,
): Promise<number> {
  const { device } = engine.gpu;
  const { recording, destroy } = await recordSum(engine, sum, inputs);
  const run = async (repeats: number): Promise<number> => {
    const encoder = device.createCommandEncoder({ label: recording.label });
    const pass = encoder.beginComputePass({ label: recording.label });
    for (let i = 0; i < repeats; i++) recording.encode(pass);
    pass.end();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return (performance.now() - start) / repeats;
  };
  try {
    const warmUp = await run(1);
    const repeats = Math.min(MAX_REPEATS, Math.ceil(longEnoughMs / Math.max(warmUp, 0.01)));
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < samples; i++) best = Math.min(best, await run(repeats));
    engine.gpu.check();
    return inputs.reduce((total, { size }) => total + size, 0) / best / 1e6;
  } finally {
    destroy();
  }
}

/** One dispatch an input, each with an output of its own, so that none waits for another. */
export async function recordSum({ gpu, pipelines }: Engine, sum: Sum, inputs: readonly GPUBuffer[]) {
  const recording = new Recording(nameOf(sum), gpu, pipelines);
  const results = inputs.map((x) => {
    const count = x.size / 16;
    const y = gpu.createStorage("partial sums", outputs(sum, count) * 4);
    recording.add(sum.kernel, { x, y }, { count }, sum.constants);
    return y;
  });
  await recording.prepare();
  const destroy = () => {
    recording.destroy();
    for (const y of results) gpu.destroyBuffer(y);
  };
  return { recording, results, destroy };
}
