import { GPT_CONFIG_124M, GPTModel, generate, loadTokenizer } from "../index.ts";
import type { Engine } from "./engine.ts";
import { seedOf } from "./model-source.ts";

/** The engine of the page: the notebook's 124M model on WebGPU, its attention cached wherever the mask allows it. */
export const gptEngine: Engine<GPTModel> = {
  async build(source, mask, hooks) {
    return GPTModel.fromSeed(seedOf(source), GPT_CONFIG_124M, { mask, ...hooks });
  },
  generate: (model, idx, options) => generate(model, idx, { ...options, kvCache: true }),
  loadTokenizer,
};
