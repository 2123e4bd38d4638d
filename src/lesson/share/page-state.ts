import {
  type DeviceChoice,
  deviceChoices,
  GPT_CONFIG_124M,
  type GPTConfig,
  type HeadOfLayer,
  type Mask,
} from "../../config.ts";
import { readHeads, writtenHeads } from "../ablate.ts";
import { asLinked, fileNameIn } from "../models/chosen-files.ts";
import { configOf } from "../models/model-config.ts";
import { precisions } from "../models/model-source.ts";
import { configKeys } from "../models/seed-config.ts";
import { MOST_ROWS, type RaggedPrompts } from "../prompts/ragged-prompts.ts";

/** What a link to the page holds: what was asked for, and where one looks. */
export interface PageState {
  /** "seed:123", "small:500", the address of a checkpoint, or the name of a file, "file:model.safetensors"; "#precision=f16" or a seed's "#n_layers=4" may stand behind it. A link only fills it in: nothing is fetched before somebody asks. */
  model: string;
  /** One for each row of the batch, 1 to `MOST_ROWS`. */
  prompts: string[];
  /** What is done to prompts of unequal length. */
  raggedPrompts: RaggedPrompts;
  mask: Mask;
  /** Where somebody chose who computes; a link from a page without a GPU opens on a page with one. */
  device: DeviceChoice;
  maxNewTokens: number;
  contextSize: number;
  kvCache: boolean;
  /** Heads of attention that are taken away, by layer and number. */
  ablate: readonly HeadOfLayer[];
  /** null: the likeliest token is taken. */
  sampling: null | { temperature: number; topK: number; seed: number };
  stopAtEndOfText: boolean;
  /** The iteration that is looked at; 0: none yet. */
  iteration: number;
  /** Which of its seven steps is looked at, 1 to 7. */
  step: number;
}

const LONGEST_ADDRESS = 2_000;

/** Smallest and largest of the numbers in a link; the others go up to what the model has, or the notebook's. */
const limits = {
  maxNewTokens: [1, 1000],
  temperature: [0.01, 100],
  seed: [0, 2 ** 32 - 1],
  iteration: [0, 1000],
  step: [1, 7],
} as const;

/** What a link need not say. */
export const defaultPageState: Readonly<PageState> = Object.freeze({
  model: "seed:123",
  prompts: ["Hello, I am"],
  raggedPrompts: "error",
  mask: "causal",
  device: "auto",
  maxNewTokens: 10,
  contextSize: GPT_CONFIG_124M.context_length,
  kvCache: true,
  ablate: [],
  sampling: null,
  stopAtEndOfText: false,
  iteration: 0,
  step: 1,
});

/** `state` as the part of an address behind "#": only what differs from the defaults; "" when nothing does. */
export function encodePageState(state: PageState): string {
  const fields = new URLSearchParams();
  const add = (name: string, value: string | number, standard: string | number | null) => {
    if (value !== standard) fields.append(name, String(value));
  };
  const standard = defaultPageState;
  const model = modelOf(state.model) ?? standard.model;
  add("model", model, standard.model);
  const isStandard = state.prompts.length === 1 && state.prompts[0] === standard.prompts[0];
  for (const prompt of isStandard ? [] : state.prompts) add("prompt", prompt, null);
  add("ragged-prompts", state.raggedPrompts, standard.raggedPrompts);
  add("mask", state.mask, standard.mask);
  add("device", state.device, standard.device);
  add("max-new-tokens", state.maxNewTokens, standard.maxNewTokens);
  add("context-size", state.contextSize, standard.contextSize);
  add("kv-cache", onOff(state.kvCache), onOff(standard.kvCache));
  add("ablate", writtenHeads(state.ablate), "");
  if (state.sampling) {
    add("temperature", state.sampling.temperature, null);
    add("top-k", state.sampling.topK, configOf(model).vocab_size);
    add("seed", state.sampling.seed, 0);
  }
  add("stop-at-end-of-text", onOff(state.stopAtEndOfText), onOff(standard.stopAtEndOfText));
  // Beside a step it is always there: without it, "step" is what links of before called an iteration.
  add("iteration", state.iteration, state.step === standard.step ? standard.iteration : null);
  add("step", state.step, standard.step);
  return fields.toString();
}

/**
 * The state in a link, from anybody: what is missing or makes no sense is the default, numbers out of range are moved
 * to the nearest one in it, names that mean nothing are passed over. Never throws.
 * @param hash `location.hash`, with its "#" or without
 */
export function decodePageState(hash: string): PageState {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  const standard = defaultPageState;
  const prompts = fields.getAll("prompt").slice(0, MOST_ROWS);
  const model = modelOf(fields.get("model")) ?? standard.model;
  const config = configOf(model);
  return {
    model,
    prompts: prompts.length > 0 ? prompts : [...standard.prompts],
    raggedPrompts: raggedPromptsOf(fields.get("ragged-prompts")) ?? standard.raggedPrompts,
    mask: maskOf(fields.get("mask")) ?? standard.mask,
    device: deviceChoices.find((choice) => choice === fields.get("device")) ?? standard.device,
    maxNewTokens: whole(fields.get("max-new-tokens"), limits.maxNewTokens) ?? standard.maxNewTokens,
    contextSize:
      whole(fields.get("context-size"), [1, Math.max(config.context_length, standard.contextSize)]) ??
      standard.contextSize,
    kvCache: booleanOf(fields.get("kv-cache")) ?? standard.kvCache,
    ablate: readHeads(fields.get("ablate") ?? "").heads,
    sampling: samplingOf(fields, config),
    stopAtEndOfText: booleanOf(fields.get("stop-at-end-of-text")) ?? standard.stopAtEndOfText,
    ...placeOf(fields),
  };
}

/** Links of before say "step" for the iteration and "station" for the step. */
function placeOf(fields: URLSearchParams): Pick<PageState, "iteration" | "step"> {
  const isOld = !fields.has("iteration");
  const [iteration, step] = isOld ? ["step", "station"] : ["iteration", "step"];
  return {
    iteration: whole(fields.get(iteration!), limits.iteration) ?? defaultPageState.iteration,
    step: whole(fields.get(step!), limits.step) ?? defaultPageState.step,
  };
}

const onOff = (value: boolean) => (value ? "on" : "off");

function booleanOf(text: string | null): boolean | undefined {
  if (text === "on") return true;
  return text === "off" ? false : undefined;
}

function raggedPromptsOf(text: string | null): RaggedPrompts | undefined {
  return text === "truncate" || text === "pad" ? text : undefined;
}

function maskOf(text: string | null): Mask | undefined {
  return text === "causal" || text === "none" ? text : undefined;
}

/** A seed, an address that a page can fetch from, or what a file is called: the file itself cannot be in a link. */
function modelOf(text: string | null): string | undefined {
  if (!text || text.length > LONGEST_ADDRESS) return undefined;
  if (fileNameIn(text) !== undefined) return asLinked(text);
  const [, seed, details = ""] = /^seed:(\d{1,10})(?:#([\w.=&]{1,300}))?$/.exec(text) ?? [];
  if (seed !== undefined) return Number(seed) <= limits.seed[1] && areOfSeed(details) ? text : undefined;
  if (/^small(:\d{1,5})?(#precision=(f32|f16|int8))?$/.test(text)) return text;
  try {
    const { protocol } = new URL(text, "https://page.example/");
    return protocol === "https:" || protocol === "http:" ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whether these are keys of a seed's model. A value that no model can have is told about where the model is made. */
const areOfSeed = (details: string): boolean =>
  [...new URLSearchParams(details)].every(([key, value]) =>
    key === "precision" ? precisions.some((name) => name === value) : configKeys.some((name) => name === key),
  );

function samplingOf(fields: URLSearchParams, { vocab_size }: GPTConfig): PageState["sampling"] {
  const temperature = number(fields.get("temperature"), limits.temperature);
  if (temperature === undefined) return null;
  return {
    temperature,
    topK: whole(fields.get("top-k"), [1, Math.max(vocab_size, GPT_CONFIG_124M.vocab_size)]) ?? vocab_size,
    seed: whole(fields.get("seed"), limits.seed) ?? 0,
  };
}

function number(text: string | null, [least, most]: readonly [number, number]): number | undefined {
  if (text === null || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return undefined;
  return Math.min(most, Math.max(least, Number(text)));
}

function whole(text: string | null, range: readonly [number, number]): number | undefined {
  const value = number(text, range);
  return value === undefined ? undefined : Math.round(value);
}
