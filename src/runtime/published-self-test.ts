import type { Device } from "../device/device.ts";
import { NextTokenError } from "../errors.ts";
import type { Precision } from "../kernels/weight-format.ts";
import type { SharedWeights } from "../loading/shared-weights.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";
import type { CheckpointWeights } from "../weights/checkpoint/checkpoint.ts";
import { forward } from "./forward.ts";
import { causalNetwork } from "./runnable.ts";

/**
 * "known-answer": the weights are known to be read rightly. Those of a seed are PyTorch's; a published checkpoint,
 * recognised by its SHA-256, went on with its known prompt as it must. "unverified": nothing is known of this file. Its
 * tensors have the names and kernels of a GPT-2, but a square matrix stored the other way round would not be noticed.
 */
export type Verified = "known-answer" | "unverified";

/**
 * By how much another logit may be above that of the known token. f32 differs from PyTorch in the order of its sums;
 * packed weights are themselves rounded, by 2^-11 of each or by a 254th of the largest of 32. A matrix that is read the
 * other way round costs several times the largest of these.
 */
const slack: Record<Precision, number> = { f32: 0.01, f16: 0.1, int8: 1 };

const answers = new WeakMap<WeightTensors, Promise<Verified>>();

/**
 * Has a published checkpoint go on with its known prompt, once for each copy of its weights.
 * Throws `known-answer-failed`.
 */
export function runPublishedSelfTest(
  device: Device,
  { source, tensors }: Pick<SharedWeights<CheckpointWeights>, "source" | "tensors">,
  precision: Precision = "f32",
): Promise<Verified> {
  const known = answers.get(tensors) ?? ask(device, source, tensors, precision);
  answers.set(tensors, known);
  return known;
}

async function ask(
  device: Device,
  { config, published }: CheckpointWeights,
  tensors: WeightTensors,
  precision: Precision,
): Promise<Verified> {
  if (!published?.selfTest) return "unverified";
  const { prompt, continuation } = published.selfTest;
  const model = causalNetwork(device, config, tensors);
  // One pass over the whole text shows what the model would have chosen at each place of it.
  const { data } = await forward(model, [[...prompt, ...continuation.slice(0, -1)]]);
  continuation.forEach((id, i) => {
    const row = (prompt.length - 1 + i) * config.vocab_size;
    const logits = data.subarray(row, row + config.vocab_size);
    const best = logits.reduce((most, logit, other) => (logit > logits[most]! ? other : most), 0);
    const gap = logits[best]! - logits[id]!;
    if (!(gap <= slack[precision])) {
      throw new NextTokenError(
        "known-answer-failed",
        `This file is ${published.id} as published, but where that goes on with token ${id}, here token ${best} is ` +
          `ahead by ${gap.toPrecision(3)}. Leave n_heads out of config if you gave it; otherwise update the graphics ` +
          "driver or try another browser.",
      );
    }
  });
  return "known-answer";
}
