import type { Gpu } from "./gpu.ts";
import { openGpu } from "./open-gpu.ts";

let shared: Promise<Gpu> | undefined;

/**
 * The page's one GPU: opened by the first call, and again after the device was lost or reported an error, because every
 * later call on that device would fail too.
 */
export async function sharedGpu(): Promise<Gpu> {
  shared ??= openGpu().then(async (gpu) => {
    await gpu.answers.measure(); // while it has nothing to do
    return gpu;
  });
  const opening = shared;
  const forget = () => {
    if (shared === opening) shared = undefined;
  };
  try {
    const gpu = await opening;
    if (!gpu.hasFailed) return gpu;
    forget();
    gpu.destroy(); // so that its models report the loss
  } catch (reason) {
    forget();
    throw reason;
  }
  return sharedGpu();
}
