import { type Engine, sharedEngine } from "../gpu/engine.ts";
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

/** Weights on an engine that passed the self-test, and the result of examining them. */
export interface LoadedWeights<S extends WeightSource, Finding> {
  readonly engine: Engine;
  readonly weights: SharedWeights<S>;
  readonly finding: Finding;
}

/**
 * The weights that are shared under `key`, on the page's engine: resolves once the GPU has passed the self-test and
 * `examine` has checked the weights. Rejects as soon as one of these fails, or `signal` aborts: a GPU that computes wrongly
 * ends the download. Everything is freed then.
 */
export async function loadWeights<S extends WeightSource, Finding>(
  key: string,
  open: OpenSource<S>,
  { signal, ...options }: LoadOptions,
  examine: (weights: SharedWeights<S>, engine: Engine) => Finding | Promise<Finding>,
): Promise<LoadedWeights<S, Finding>> {
  const engine = await sharedEngine();
  // Kernels are tuned, and the self-test compiles them, while memory is allocated and the weights arrive.
  const choosing = autotune(engine);
  const prepared = prepareSelfTest(engine);
  const tested = Promise.all([choosing, prepared]).then(() => runSelfTest(engine));
  const stop = new AbortController();
  const loading = prepared.then(() => shareWeights(engine, key, open, { ...options, signal: stop.signal }));
  try {
    const [weights] = await untilAborted(Promise.all([loading, tested]), signal);
    return { engine, weights, finding: await examine(weights, engine) };
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
