import type { Engine } from "../gpu/engine.ts";
import { NextTokenError } from "../next-token-error.ts";
import { seededWeights } from "../weights/seeded.ts";
import type { GPTConfig } from "./config.ts";
import type { GPTModel } from "./gpt-model.ts";
import { destroyTensors, uploadWeights, type WeightTensors } from "./weight-tensors.ts";

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
const idx = [
  [11, 7, 83, 42, 5],
  [96, 0, 50, 3, 60],
];
const answer = [
  { ids: [78, 45], logits: [1.6287059783935547, 1.6968929767608643] },
  { ids: [82, 50], logits: [1.3899476528167725, 1.3747707605361938] },
  { ids: [74, 91], logits: [1.1212666034698486, 1.9467853307724] },
  { ids: [21, 25], logits: [1.4096182584762573, 1.7178820371628807] },
];
const tolerance = 1e-3;

/**
 * Asks a fresh GPU a question whose answer is known: two rows, four tokens, through prefill and KV cache.
 * A driver that computes wrongly would otherwise go unnoticed, because wrong logits make fluent text too.
 * Throws `known-answer-failed`.
 */
export async function checkKnownAnswer(
  engine: Engine,
  build: (config: GPTConfig, tensors: WeightTensors) => GPTModel,
): Promise<void> {
  const tensors = await uploadWeights(engine, seededWeights(seed, config));
  const model = build(config, tensors);
  const decoding = await model.startDecoding({ batch: idx.length, capacity: config.context_length, topK: 1 });
  try {
    for (const [step, expected] of answer.entries()) {
      const { ids, top } = step === 0 ? await decoding.prefill(idx) : await decoding.next();
      for (const [row, id] of expected.ids.entries()) {
        const error = Math.abs(top[row]![0]!.logit - expected.logits[row]!);
        if (ids[row] !== id || !(error <= tolerance)) {
          throw new NextTokenError(
            "known-answer-failed",
            `This GPU (${engine.gpu.adapter.name}) computes wrong numbers: asked for token ${id}, it chose ${ids[row]}, ` +
              `its logit off by ${error}. Update the graphics driver or try another browser.`,
          );
        }
      }
    }
  } finally {
    await decoding.destroy();
    destroyTensors(engine.gpu, tensors);
  }
}
