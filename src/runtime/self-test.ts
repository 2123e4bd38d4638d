import type { GPTConfig } from "../config.ts";
import type { Device } from "../device/device.ts";
import { NextTokenError } from "../errors.ts";
import { keepTuning, takeSaferKernels } from "../kernels/autotune/autotune.ts";
import { uploadWeights } from "../loading/upload-weights.ts";
import { destroyTensors, type WeightTensors } from "../pass/weight-tensors.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { DecodeContext, type StepResult } from "./decode-context.ts";
import { gpt2Block, oneBlockDecoding, oneBlockOf, smallBlock } from "./one-block.ts";
import { causalNetwork, type Runnable } from "./runnable.ts";

// PyTorch's answers: `tools/parity/reference.py known-answers`.
const seed = 42;
const idx = [11, 7, 83, 42, 5];
/** Each after a prefill of four tokens of idx (skinny), after one of all five (gemm), and after each token appended (gemv). */
const knownAnswers = new Map([
  [
    gpt2Block,
    [
      { id: 66, logit: 1.1215296983718872 },
      { id: 31, logit: 1.045670747756958 },
      { id: 70, logit: 1.4958558082580566 },
      { id: 79, logit: 1.2886748313903809 },
      { id: 60, logit: 1.3563072681427002 },
    ],
  ],
  [
    smallBlock,
    [
      { id: 5, logit: 1.3333768844604492 },
      { id: 20, logit: 1.1398311853408813 },
      { id: 81, logit: 1.4114984273910522 },
      { id: 74, logit: 1.6564911603927612 },
      { id: 67, logit: 1.0708826780319214 },
    ],
  ],
]);
const tolerance = 1e-3;

const questions = new WeakMap<Device, Promise<Question>>();
const answers = new WeakMap<Device, Promise<void>>();

type KnownAnswer = { readonly id: number; readonly logit: number };

/** A question of the self-test: one block, and its weights on a device. */
interface Question {
  readonly block: GPTConfig;
  readonly tensors: WeightTensors;
}

/**
 * Uploads the weights of the self-test, unless it has run: they are few, so they go before the model's own.
 * @param like what is known of the model that is about to be loaded: the pipelines that the self-test compiles are then its own
 */
export async function prepareSelfTest(device: Device, like: Partial<GPTConfig> = {}): Promise<void> {
  if (!answers.has(device)) await uploaded(device, like);
}

/**
 * Runs a small model whose output is known on a GPU, once: five tokens, through prefill and KV cache, with every variant of
 * the product that autotune chose, which is kept for the next visit once it has passed. Without it a driver that computes
 * wrongly would go unnoticed, because wrong logits make fluent text too.
 * @param like as for `prepareSelfTest`
 * Throws `known-answer-failed`.
 */
export function runSelfTest(device: Device, like: Partial<GPTConfig> = {}): Promise<void> {
  const known = answers.get(device) ?? ask(device, like);
  answers.set(device, known);
  known.catch(() => answers.delete(device)); // so that a later call may try again
  return known;
}

/** Asks again, for kernels that were chosen since. */
export async function repeatSelfTest(device: Device, like: Partial<GPTConfig>): Promise<void> {
  await answers.get(device);
  answers.delete(device);
  return runSelfTest(device, like);
}

function uploaded(device: Device, like: Partial<GPTConfig>): Promise<Question> {
  const question = questions.get(device) ?? upload(device, oneBlockOf(like));
  questions.set(device, question);
  question.catch(() => questions.delete(device));
  return question;
}

const upload = async (device: Device, block: GPTConfig): Promise<Question> => ({
  block,
  tensors: await uploadWeights(device, seededWeights(seed, block)),
});

async function ask(device: Device, like: Partial<GPTConfig>): Promise<void> {
  const question = await uploaded(device, like);
  try {
    await compareWithSafer(device, question);
    keepTuning(device);
  } finally {
    questions.delete(device);
    destroyTensors(device, question.tensors);
  }
}

/** A driver may get wrong what was chosen because it is fast: safer kernels are tried before the visitor hears of it. */
async function compareWithSafer(device: Device, { block, tensors }: Question): Promise<void> {
  for (;;) {
    try {
      return await compare(causalNetwork(device, block, tensors), knownAnswers.get(block)!);
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

async function compare(model: Runnable, answer: readonly KnownAnswer[]): Promise<void> {
  const four = await DecodeContext.open(model, oneBlockDecoding);
  try {
    const five = await DecodeContext.open(model, oneBlockDecoding);
    try {
      // At once, so that the pipelines for five tokens are compiled beside those for four. Both end before anything is freed.
      const asked = await Promise.allSettled([four.prefill([idx.slice(0, 4)]), five.prefill([idx])]);
      const prefills = asked.map((answer) => {
        if (answer.status === "rejected") throw answer.reason;
        return answer.value;
      });
      for (const [step, expected] of answer.entries())
        check(model.device, prefills[step] ?? (await five.next()), expected);
    } finally {
      await five.destroy();
    }
  } finally {
    await four.destroy();
  }
}

function check(device: Device, { top }: StepResult, expected: KnownAnswer): void {
  const { id, logit } = top[0]![0]!;
  const error = Math.abs(logit - expected.logit);
  if (id === expected.id && error <= tolerance) return;
  throw new NextTokenError(
    "known-answer-failed",
    `${culprit(device)} computes wrong numbers: it chose token ${id} where ${expected.id} ` +
      `is right, its logit off by ${error}. Update the graphics driver or try another browser.`,
  );
}
