import { type Gpu, openGpu } from "./device.ts";
import { PipelineCache } from "./kernel.ts";

/** A device and the pipelines compiled on it. */
export interface Engine {
  readonly gpu: Gpu;
  readonly pipelines: PipelineCache;
}

let shared: Promise<Engine> | undefined;

/** The page's one engine: opened by the first who asks, and again after the device was lost. */
export function sharedEngine(): Promise<Engine> {
  if (!shared) {
    const opening = openEngine();
    const forget = () => {
      if (shared === opening) shared = undefined;
    };
    opening.then(({ gpu }) => gpu.lost.then(forget), forget);
    shared = opening;
  }
  return shared;
}

export async function openEngine(open: () => Promise<Gpu> = openGpu): Promise<Engine> {
  const gpu = await open();
  return { gpu, pipelines: new PipelineCache(gpu) };
}
