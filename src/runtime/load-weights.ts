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

/** Weights on an engine that passed the self-test, and what was found out about them. */
export interface LoadedWeights<S extends WeightSource, Finding> {
  readonly engine: Engine;
  readonly weights: SharedWeights<S>;
  readonly finding: Finding;
}

/**
 * The weights that are shared under `key`, on the page's engine: ready once the GPU has passed the self-test and
 * `examine` has looked at them. Rejects as soon as one of these fails, or `signal` aborts: no download goes on for a GPU
 * that computes wrongly. Nothing stays allocated then.
 */
export async function loadWeights<S extends WeightSource, Finding>(
  key: string,
  open: OpenSource<S>,
  { signal, ...options }: LoadOptions,
  examine: (weights: SharedWeights<S>, engine: Engine) => Finding | Promise<Finding>,
): Promise<LoadedWeights<S, Finding>> {
  const engine = await sharedEngine();
  // While memory is allocated and the weights come, kernels are tuned, and compiled by the self-test.
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
      () => {}, // stopped before they were there: nothing is held
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
