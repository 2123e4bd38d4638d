import type { Device } from "../device/device.ts";
import { NextTokenError } from "../errors.ts";
import { keepTuning, takeSaferKernels } from "../kernels/autotune/autotune.ts";
import { uploadWeights } from "../loading/upload-weights.ts";
import { destroyTensors, type WeightTensors } from "../pass/weight-tensors.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { DecodeContext } from "./decode-context.ts";
import { oneBlock, oneBlockDecoding } from "./one-block.ts";
import { causalNetwork, type Runnable } from "./runnable.ts";

// PyTorch's answer: `tools/parity/reference.py known-answer`.
const seed = 42;
const idx = [11, 7, 83, 42, 5];
/** After a prefill of four tokens of idx (skinny), after one of all five (gemm), and after each token appended (gemv). */
const answer = [
  { id: 66, logit: 1.1215296983718872 },
  { id: 31, logit: 1.045670747756958 },
  { id: 70, logit: 1.4958558082580566 },
  { id: 79, logit: 1.2886748313903809 },
  { id: 60, logit: 1.3563072681427002 },
];
const tolerance = 1e-3;

const uploads = new WeakMap<Device, Promise<WeightTensors>>();
const answers = new WeakMap<Device, Promise<void>>();

/** Uploads the weights of the self-test, unless it has run: they are few, so they go before the model's own. */
export async function prepareSelfTest(device: Device): Promise<void> {
  if (!answers.has(device)) await uploaded(device);
}

/**
 * Runs a small model whose output is known on a GPU, once: five tokens, through prefill and KV cache, with every variant of
 * the product that autotune chose, which is kept for the next visit once it has passed. Without it a driver that computes
 * wrongly would go unnoticed, because wrong logits make fluent text too.
 * Throws `known-answer-failed`.
 */
export function runSelfTest(device: Device): Promise<void> {
  const known = answers.get(device) ?? ask(device);
  answers.set(device, known);
  known.catch(() => answers.delete(device)); // so that a later call may try again
  return known;
}

/** Asks again, for kernels that were chosen since. */
export async function repeatSelfTest(device: Device): Promise<void> {
  await answers.get(device);
  answers.delete(device);
  return runSelfTest(device);
}

function uploaded(device: Device): Promise<WeightTensors> {
  const tensors = uploads.get(device) ?? uploadWeights(device, seededWeights(seed, oneBlock));
  uploads.set(device, tensors);
  tensors.catch(() => uploads.delete(device));
  return tensors;
}

async function ask(device: Device): Promise<void> {
  const tensors = await uploaded(device);
  try {
    await compareWithSafer(device, tensors);
    keepTuning(device);
  } finally {
    uploads.delete(device);
    destroyTensors(device, tensors);
  }
}

/** A driver may get wrong what was chosen because it is fast: safer kernels are tried before the visitor hears of it. */
async function compareWithSafer(device: Device, tensors: WeightTensors): Promise<void> {
  for (;;) {
    try {
      return await compare(causalNetwork(device, oneBlock, tensors));
    } catch (error) {
      if (!isOfKernels(error) || device.hasFailed || !takeSaferKernels(device)) throw error;
    }
  }
}

/** Whether other kernels may do better: these computed wrong numbers, or the driver refused them. */
const isOfKernels = (error: unknown): boolean =>
  error instanceof NextTokenError && (error.code === "known-answer-failed" || error.code === "gpu-error");

const culprit = ({ adapter: { kind, name } }: Device): string =>
  kind === "gpu" ? `This GPU (${name})` : `WebAssembly here (${name})`;

async function compare(model: Runnable): Promise<void> {
  const decoding = await DecodeContext.open(model, oneBlockDecoding);
  try {
    for (const [step, expected] of answer.entries()) {
      const { top } = await (step < 2 ? decoding.prefill([idx.slice(0, 4 + step)]) : decoding.next());
      const { id, logit } = top[0]![0]!;
      const error = Math.abs(logit - expected.logit);
      if (id !== expected.id || !(error <= tolerance)) {
        throw new NextTokenError(
          "known-answer-failed",
          `${culprit(model.device)} computes wrong numbers: it chose token ${id} where ${expected.id} ` +
            `is right, its logit off by ${error}. Update the graphics driver or try another browser.`,
        );
      }
    }
  } finally {
    await decoding.destroy();
  }
}
