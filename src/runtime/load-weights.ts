import type { DeviceChoice, GPTConfig } from "../config.ts";
import type { Device } from "../device/device.ts";
import { NextTokenError } from "../errors.ts";
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
import { type ChosenDevice, distrust, sharedDevice } from "./shared-device.ts";

/** Weights on a device that passed the self-test, and the result of examining them. */
export interface LoadedWeights<S extends WeightSource, Finding> extends ChosenDevice {
  readonly weights: SharedWeights<S>;
  readonly finding: Finding;
}

/** What of a load does not depend on the device that it is for. */
interface Load<S extends WeightSource, Finding> {
  /** Names the weights: whoever asks for the same shares them. */
  readonly key: string;
  /** What is known of the model's configuration before its source is opened. */
  readonly like?: Partial<GPTConfig> | undefined;
  readonly open: OpenSource<S>;
  readonly options: LoadOptions;
  /** Checks weights that have come. */
  readonly examine: (weights: SharedWeights<S>, device: Device) => Finding | Promise<Finding>;
}

/**
 * Loads weights onto the page's device: resolves once it has passed the self-test and the weights are examined. Where nobody
 * insists on a GPU that computes wrong numbers, whatever its kernels, the processor takes its place.
 */
export async function loadWeights<S extends WeightSource, Finding>(
  choice: DeviceChoice | undefined,
  load: Load<S, Finding>,
): Promise<LoadedWeights<S, Finding>> {
  const chosen = await sharedDevice(choice);
  const { device } = chosen;
  // Kernels are tuned, and the self-test compiles them, while memory is allocated and the weights arrive.
  const choosing = autotune(device);
  const prepared = prepareSelfTest(device, load.like);
  const tested = Promise.all([choosing, prepared]).then(() => runSelfTest(device, load.like));
  let refused: unknown;
  tested.catch((reason) => {
    refused = reason;
  });
  try {
    return { ...chosen, ...(await loadOnto(device, load, prepared, tested)) };
  } catch (error) {
    const isWrong = error instanceof NextTokenError && error.code === "known-answer-failed";
    if (!isWrong || error !== refused || device.adapter.kind === "cpu" || choice === "gpu") throw error;
    distrust(error);
    return loadWeights(choice, load);
  }
}

/** Rejects as soon as the self-test or the load fails, or `signal` aborts: a GPU that computes wrongly ends the download. */
async function loadOnto<S extends WeightSource, Finding>(
  device: Device,
  { key, open, options: { signal, ...options }, examine }: Load<S, Finding>,
  prepared: Promise<void>,
  tested: Promise<void>,
): Promise<{ weights: SharedWeights<S>; finding: Finding }> {
  const stop = new AbortController();
  const loading = prepared.then(() => shareWeights(device, key, open, { ...options, signal: stop.signal }));
  try {
    const [weights] = await untilAborted(Promise.all([loading, tested]), signal);
    return { weights, finding: await examine(weights, device) };
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
