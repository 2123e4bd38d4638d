import { type Gpu, openGpu } from "./device.ts";
import { PipelineCache } from "./kernel.ts";

/** A device and the pipelines compiled on it. */
export interface Engine {
  readonly gpu: Gpu;
  readonly pipelines: PipelineCache;
}

let shared: Promise<Engine> | undefined;

/**
 * The page's one engine: opened by the first call, and again after the device was lost or reported an error, because every
 * later call on that device would fail too.
 */
export async function sharedEngine(): Promise<Engine> {
  shared ??= openEngine();
  const opening = shared;
  const forget = () => {
    if (shared === opening) shared = undefined;
  };
  try {
    const engine = await opening;
    if (!engine.gpu.hasFailed) return engine;
    forget();
    engine.gpu.destroy(); // so that its models report the loss
  } catch (reason) {
    forget();
    throw reason;
  }
  return sharedEngine();
}

export async function openEngine(open: () => Promise<Gpu> = openGpu): Promise<Engine> {
  const gpu = await open();
  await gpu.answers.measure();
  return { gpu, pipelines: new PipelineCache(gpu) };
}
