import type { Engine } from "../gpu/engine.ts";
import { NextTokenError } from "../next-token-error.ts";
import { seededWeights } from "../weights/seeded.ts";
import type { GPTConfig } from "./config.ts";
import type { GPTModel } from "./gpt-model.ts";
import { destroyTensors, uploadWeights } from "./weight-tensors.ts";

/** A model small enough to run in no time, wide enough to go through the kernels of a real one. */
const config: GPTConfig = {
  vocab_size: 97,
  context_length: 16,
  emb_dim: 128,
  n_heads: 2,
  n_layers: 2,
  drop_rate: 0,
  qkv_bias: false,
};

// PyTorch's answer: `tools/parity/reference.py known-answer`.
const seed = 42;
const idx = [[11, 7, 83, 42, 5]];
const answer = [
  { id: 78, logit: 1.6287059783935547 },
  { id: 82, logit: 1.3899476528167725 },
  { id: 74, logit: 1.1212666034698486 },
  { id: 21, logit: 1.4096182584762573 },
];
const tolerance = 1e-3;

const answers = new WeakMap<Engine, Promise<void>>();

/**
 * Asks a GPU, once, a question whose answer is known: four tokens through prefill and KV cache.
 * A driver that computes wrongly would otherwise go unnoticed, because wrong logits make fluent text too.
 * Throws `known-answer-failed`.
 */
export function checkKnownAnswer(engine: Engine, Model: typeof GPTModel): Promise<void> {
  const known = answers.get(engine) ?? ask(engine, Model);
  answers.set(engine, known);
  known.catch(() => answers.delete(engine)); // whoever comes next may try again
  return known;
}

async function ask(engine: Engine, Model: typeof GPTModel): Promise<void> {
  const tensors = await uploadWeights(engine, seededWeights(seed, config));
  const model = new Model(engine, config, tensors, { mask: "causal", release: () => {} });
  try {
    await compare(engine, model);
  } finally {
    destroyTensors(engine.gpu, tensors);
  }
}

async function compare(engine: Engine, model: GPTModel): Promise<void> {
  const decoding = await model.startDecoding({ batch: 1, capacity: config.context_length, topK: 1 });
  try {
    for (const [step, expected] of answer.entries()) {
      const { top } = step === 0 ? await decoding.prefill(idx) : await decoding.next();
      const { id, logit } = top[0]![0]!;
      const error = Math.abs(logit - expected.logit);
      if (id !== expected.id || !(error <= tolerance)) {
        throw new NextTokenError(
          "known-answer-failed",
          `This GPU (${engine.gpu.adapter.name}) computes wrong numbers: it chose token ${id} where ${expected.id} ` +
            `is right, its logit off by ${error}. Update the graphics driver or try another browser.`,
        );
      }
    }
  } finally {
    await decoding.destroy();
  }
}
