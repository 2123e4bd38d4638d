import type { GPTModel } from "../index.ts";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import type { Backend } from "./backend.ts";
import { checkAgreed } from "./models/consent.ts";
import { type KnownModel, type PageContext, parseModelSource } from "./models/model-source.ts";
import { AnyIdTokenizer } from "./prompts/any-id-tokenizer.ts";
import { SMALL_CONFIG, SMALL_SEED } from "./small-model/snapshots.ts";

let tokenizer: AnyIdTokenizer | undefined;

/**
 * The models. Their code comes with the first of them: a page that is only read goes without.
 * @param contextOf the page that a model's name stands on, with the models that are known
 */
export const gptBackendOn = (
  contextOf: (known: readonly KnownModel[]) => PageContext,
): Backend<GPTModel> => ({
  async build(text, building) {
    const { GPTModel, publishedModels } = await import("../index.ts");
    const source = parseModelSource(text, contextOf(publishedModels));
    const { precision } = source;
    if (source.kind === "seed")
      return GPTModel.fromSeed(source.seed, source.config, { precision, ...building });
    if (source.kind === "small") {
      if (source.step === 0) return GPTModel.fromSeed(SMALL_SEED, SMALL_CONFIG, { precision, ...building });
      const { addressOf } = await import("./small-model/files.ts");
      const whole = { config: SMALL_CONFIG, looksBeside: false };
      return GPTModel.fromCheckpoint(addressOf(source.step), { ...whole, precision, ...building });
    }
    const { n_heads } = source;
    const options = { config: n_heads === undefined ? {} : { n_heads }, precision, ...building };
    if (source.kind === "file") {
      const { file, config: configFile, vocabulary: vocabularyFile } = source;
      return GPTModel.fromCheckpoint(file, { configFile, vocabularyFile, ...options });
    }
    checkAgreed(source);
    return GPTModel.fromCheckpoint(source.url, { mirrors: source.mirrors, ...options });
  },
  async *generate(model, idx, options) {
    const { generate } = await import("../index.ts");
    const { context_length } = model.config; // of a checkpoint, known only now
    const contextSize = Math.min(options.contextSize ?? context_length, context_length);
    yield* generate(model, idx, { ...options, contextSize });
  },
  logits: (model, idx, positions, ablate) => model.forward(idx, { logits: positions, ablate }),
  async loadTokenizer() {
    const loaded = await loadTokenizer();
    tokenizer ??= new AnyIdTokenizer(loaded);
    return tokenizer;
  },
});
