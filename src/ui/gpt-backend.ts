import type { GPTModel } from "../index.ts";
import { GPT_CONFIG_124M } from "../model/config.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import type { Backend } from "./backend.ts";
import { seedOf } from "./model-source.ts";

/** The notebook's 124M model on WebGPU. Its code comes with the first model: a page that is only read goes without. */
export const gptBackend: Backend<GPTModel> = {
  async build(source, mask, hooks) {
    const seed = seedOf(source);
    const { GPTModel } = await import("../index.ts");
    return GPTModel.fromSeed(seed, GPT_CONFIG_124M, { mask, ...hooks });
  },
  async *generate(model, idx, options) {
    const { generate } = await import("../index.ts");
    yield* generate(model, idx, options);
  },
  loadTokenizer,
};
