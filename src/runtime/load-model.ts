import { type Engine, sharedEngine } from "../gpu/engine.ts";
import { chooseShapes } from "../kernels/choose-shapes.ts";
import type { WeightSource } from "../weights/weight-source.ts";
import type { Mask } from "../model/config.ts";
import type { GPTModel, ModelParts } from "./model-handle.ts";
import { checkKnownAnswer, prepareKnownAnswer } from "./self-test.ts";
import {
  type LoadOptions,
  type OpenSource,
  type SharedWeights,
  shareWeights,
  untilAborted,
} from "../loading/shared-weights.ts";

/**
 * A model on the page's engine, from weights that are shared under `key`; ready once the GPU gave the known answer and
 * `more` has said what else belongs to it. Rejects as soon as one of them does, or `signal` aborts: no download goes on
 * for a GPU that computes wrongly. Nothing stays allocated then.
 */
export async function loadModel<S extends WeightSource>(
  Model: typeof GPTModel,
  key: string,
  open: OpenSource<S>,
  { mask, signal, ...options }: LoadOptions & { mask: Mask },
  more: (weights: SharedWeights<S>, engine: Engine) => Partial<ModelParts> | Promise<Partial<ModelParts>>,
): Promise<GPTModel> {
  const engine = await sharedEngine();
  // While memory is found and the weights come, kernels are chosen, and compiled by asking the known answer.
  const choosing = chooseShapes(engine);
  const prepared = prepareKnownAnswer(engine);
  const answer = Promise.all([choosing, prepared]).then(() => checkKnownAnswer(engine, Model));
  const stop = new AbortController();
  const loading = prepared.then(() => shareWeights(engine, key, open, { ...options, signal: stop.signal }));
  try {
    const [weights] = await untilAborted(Promise.all([loading, answer]), signal);
    const { source, tensors, notes, release } = weights;
    const parts = await more(weights, engine);
    return new Model(engine, source.config, tensors, { mask, notes, release, ...parts });
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
