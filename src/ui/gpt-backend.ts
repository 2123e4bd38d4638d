import { generate } from "../generate/generate.ts";
import { GPT_CONFIG_124M } from "../model/config.ts";
import { GPTModel } from "../model/gpt-model.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import type { Backend } from "./backend.ts";
import { seedOf } from "./model-source.ts";

/** The notebook's 124M model on WebGPU. */
export const gptBackend: Backend<GPTModel> = {
  async build(source, mask, hooks) {
    return GPTModel.fromSeed(seedOf(source), GPT_CONFIG_124M, { mask, ...hooks });
  },
  generate,
  loadTokenizer,
};
