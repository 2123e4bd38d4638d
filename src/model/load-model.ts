import { sharedEngine } from "../gpu/engine.ts";
import { chooseLinear } from "../kernels/choose-linear.ts";
import type { WeightSource } from "../weights/weight-source.ts";
import type { Mask } from "./config.ts";
import type { GPTModel, ModelParts } from "./gpt-model.ts";
import { checkKnownAnswer } from "./known-answer.ts";
import { type LoadOptions, type SharedWeights, shareWeights } from "./shared-weights.ts";

/** A model on the page's engine, from weights that are shared under `key`; ready once the GPU gave the known answer. */
export async function loadModel<S extends WeightSource>(
  Model: typeof GPTModel,
  key: string,
  open: (signal: AbortSignal) => S | Promise<S>,
  { mask, ...options }: LoadOptions & { mask: Mask },
  more: (weights: SharedWeights<S>) => Partial<ModelParts>,
): Promise<GPTModel> {
  const engine = await sharedEngine();
  await chooseLinear(engine);
  const answered = checkKnownAnswer(engine, Model); // compiles the kernels while the weights come
  answered.catch(() => {}); // thrown below
  const weights = await shareWeights(engine, key, open, options);
  try {
    await answered;
    const { config } = weights.source;
    return new Model(engine, config, weights.tensors, { mask, release: weights.release, ...more(weights) });
  } catch (error) {
    weights.release();
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
