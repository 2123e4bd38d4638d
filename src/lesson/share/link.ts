import type { GPTModel } from "../../index.ts";
import { withoutHeads } from "../ablate.ts";
import type { PageTokenizer } from "../backend.ts";
import { asLinked } from "../models/chosen-files.ts";
import { configOf } from "../models/model-config.ts";
import type { Playhead } from "../playhead.ts";
import type { Prompts } from "../prompts/prompts.ts";
import type { Session } from "../session.ts";
import type { Settings } from "../session-state.ts";
import { encodePageState } from "./page-state.ts";
import { traceJson, traceOf } from "./trace.ts";

/** An address that every browser takes, in characters. */
export const LONGEST_LINK = 2 ** 20;

/** The page at `address` with the whole state in its hash. */
export function linkOf(
  address: string,
  settings: Settings,
  { texts, raggedPrompts }: Pick<Prompts, "texts" | "raggedPrompts">,
  at: Playhead | undefined,
): string {
  const { sampling } = settings;
  const hash = encodePageState({
    model: settings.model,
    prompts: [...texts],
    raggedPrompts,
    mask: settings.mask,
    device: settings.device,
    maxNewTokens: settings.maxNewTokens,
    contextSize: settings.contextSize,
    kvCache: settings.kvCache,
    ablate: settings.ablate,
    sampling: sampling ? { ...sampling, topK: sampling.topK ?? configOf(settings.model).vocab_size } : null,
    stopAtEndOfText: settings.stopAtEndOfText,
    iteration: at ? at.step + 1 : 0,
    step: at?.station ?? 1,
  });
  return `${address.split("#")[0]}${hash && `#${hash}`}`;
}

/** What is switched how, in one line: "mask causal · KV cache on · greedy · context 1024". */
export function settingsLine({
  mask,
  kvCache,
  sampling,
  contextSize,
  ablate,
}: Pick<Settings, "mask" | "kvCache" | "sampling" | "contextSize" | "ablate">): string {
  const choice = sampling
    ? `sampled at temperature ${sampling.temperature}, ${sampling.topK ? `top ${sampling.topK}, ` : ""}seed ${sampling.seed}`
    : "greedy";
  const parts = [`mask ${mask}`, `KV cache ${kvCache ? "on" : "off"}`, choice, `context ${contextSize}`];
  return [...parts, withoutHeads(ablate) ?? []].flat().join(" · ");
}

/** The run so far as JSON. */
export function traceTextOf(
  { state, prompts, model, contextSize, ablate }: Session<GPTModel>,
  settings: Settings,
  tokenizer: PageTokenizer,
): string {
  const run = {
    model: asLinked(settings.model),
    adapter: model?.adapter.name ?? "",
    config: model?.config,
    settings: { ...settings, contextSize, ablate },
    prompts: prompts.texts,
    start: state.start ?? [],
    steps: state.steps.map((step) => ({
      ...step,
      entropy: step.logits.map(({ entropy }) => entropy),
      ablate: step.ranWith.ablate,
    })),
  };
  return traceJson(traceOf(run, tokenizer));
}
