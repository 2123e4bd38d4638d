import type { Device } from "../device/device.ts";
import { sharedGpu } from "../gpu/shared-gpu.ts";
import { autotune } from "../kernels/autotune/autotune.ts";
import {
  type LoadOptions,
  type OpenSource,
  type SharedWeights,
  shareWeights,
  untilAborted,
} from "../loading/shared-weights.ts";
import type { WeightSource } from "../weights/weight-source.ts";
import { prepareSelfTest, runSelfTest } from "./self-test.ts";

/** Weights on a device that passed the self-test, and the result of examining them. */
export interface LoadedWeights<S extends WeightSource, Finding> {
  readonly device: Device;
  readonly weights: SharedWeights<S>;
  readonly finding: Finding;
}

/**
 * The weights that are shared under `key`, on the page's device: resolves once it has passed the self-test and
 * `examine` has checked the weights. Rejects as soon as one of these fails, or `signal` aborts: a GPU that computes wrongly
 * ends the download. Everything is freed then.
 */
export async function loadWeights<S extends WeightSource, Finding>(
  key: string,
  open: OpenSource<S>,
  { signal, ...options }: LoadOptions,
  examine: (weights: SharedWeights<S>, device: Device) => Finding | Promise<Finding>,
): Promise<LoadedWeights<S, Finding>> {
  const device = await sharedGpu();
  // Kernels are tuned, and the self-test compiles them, while memory is allocated and the weights arrive.
  const choosing = autotune(device);
  const prepared = prepareSelfTest(device);
  const tested = Promise.all([choosing, prepared]).then(() => runSelfTest(device));
  const stop = new AbortController();
  const loading = prepared.then(() => shareWeights(device, key, open, { ...options, signal: stop.signal }));
  try {
    const [weights] = await untilAborted(Promise.all([loading, tested]), signal);
    return { device, weights, finding: await examine(weights, device) };
  } catch (error) {
    stop.abort();
    loading.then(
      ({ release }) => release(),
      () => {}, // it was stopped before it had a share to release
    );
    throw error;
  }
}

const fileKeys = new WeakMap<Blob, string>();
let files = 0;

/** The same address, or the same file object, is the same checkpoint. */
export function checkpointKey(source: string | Blob): string {
  if (typeof source === "string") return `checkpoint ${source}`;
  const key = fileKeys.get(source) ?? `file ${++files}`;
  fileKeys.set(source, key);
  return key;
}
