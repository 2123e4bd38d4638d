import { type AttentionVariant, attentionVariants } from "../../src/kernels/flash-attention.ts";
import { DecodeContext } from "../../src/runtime/decode-context.ts";
import { DECODE_ROOM, timeDecode } from "../measure/decode.ts";
import { notebook } from "../measure/fixture.ts";
import { timeRuns } from "../measure/sampling.ts";
import { summarize } from "../measure/statistics.ts";
import { type Subject, subjectOf, TOP_K } from "../measure/subject.ts";
import type { LadderResult, RungResult } from "./result.ts";

const names: Record<AttentionVariant, string> = {
  workgroup: "attention by a workgroup a query",
  quad: "attention by four threads for four queries",
  tile: "attention in tiles, and split over its keys",
};
const files: Record<AttentionVariant, string> = {
  workgroup: "shaders/attention/flash-attention.wgsl",
  quad: "shaders/attention/flash-attention-quad.wgsl",
  tile: "shaders/attention/flash-attention-tile.wgsl",
};

/** Logits of two variants, which add up in different orders, differ by less. */
const TOLERANCE = 1e-3;

/** Whole tokens and whole prompts of the notebook's model, all kernels as the adapter chose them, but for attention's. */
export async function climbAttentionInStep(
  contexts: readonly number[],
  prompts: readonly number[],
): Promise<LadderResult[]> {
  const subject = await subjectOf(notebook, "f32", "gpu");
  const variants = attentionVariants.filter(
    (variant) => variant !== "quad" || subject.model.device.features.has("subgroups"),
  );
  const tokens = contexts.map((context) => ({
    title: `A token of GPT-2 124M at context ${context}`,
    rungs: [] as RungResult[],
  }));
  const prefills = prompts.map((length) => ({
    title: `A prompt of ${length} tokens`,
    rungs: [] as RungResult[],
  }));
  let expected: Float32Array | undefined;
  for (const variant of variants) {
    const decoding = await open(subject, variant);
    const rung = (ms: number[]): RungResult => ({
      name: names[variant],
      file: files[variant],
      ms: summarize(ms).min,
    });
    try {
      const logits = await logitsAfter(subject, decoding, Math.max(...prompts));
      expected ??= logits;
      check(logits, expected, variant);
      for (const [i, context] of contexts.entries())
        tokens[i]!.rungs.push(rung(await timeDecode(decoding, context)));
      for (const [i, length] of prompts.entries())
        prefills[i]!.rungs.push(rung(await timeRuns(() => decoding.prefill(promptOf(subject, length)))));
    } finally {
      await decoding.destroy();
    }
  }
  return [...tokens, ...prefills];
}

function open({ model }: Subject, attention: AttentionVariant): Promise<DecodeContext> {
  const { device, config, network, mask, kernels } = model;
  const runnable = {
    device,
    config,
    network,
    mask,
    kernels: { ...kernels, attention },
    check: () => model.check(),
  };
  return DecodeContext.open(runnable, { batch: 1, capacity: config.context_length, topK: TOP_K });
}

const promptOf = ({ model }: Subject, length: number) => [
  Array.from({ length }, (_, i) => (i * 7919) % model.config.vocab_size),
];

/** The logits of the step after a prompt, which leaves room for it. */
async function logitsAfter({ model, ...subject }: Subject, decoding: DecodeContext, longest: number) {
  const length = Math.min(longest, model.config.context_length - DECODE_ROOM);
  await decoding.prefill(promptOf({ model, ...subject }, length));
  await decoding.next();
  const { dispatches } = decoding.decodeRecording;
  return new Float32Array(await model.device.read(dispatches.at(-1)!.buffers.logits!));
}

function check(logits: Float32Array, expected: Float32Array, variant: AttentionVariant): void {
  for (const [i, logit] of logits.entries()) {
    if (!(Math.abs(logit - expected[i]!) <= TOLERANCE))
      throw new Error(
        `With attention by ${variant} logit ${i} is ${logit} instead of ${expected[i]}: it was not timed.`,
      );
  }
}
