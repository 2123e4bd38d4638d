import { GPT_CONFIG_124M, type GPTConfig } from "../../config.ts";
import { SMALL_CONFIG } from "../small-model/snapshots.ts";
import { parseSeed, type SeedSource, smallStepOf } from "./model-source.ts";
import { configKeys } from "./seed-config.ts";

/**
 * What is known of a model's configuration before it is loaded: its name says a seed's, and the small one's is always the same. A checkpoint's is in its file
 * alone, and is taken for the notebook's until that is read.
 */
export const configOf = (model: string): GPTConfig =>
  smallStepOf(model) === undefined ? (seedIn(model)?.config ?? GPT_CONFIG_124M) : SMALL_CONFIG;

/** The seed's model that `model` names; undefined for any other, and for one that is refused. */
export function seedIn(model: string): SeedSource | undefined {
  if (!model.startsWith("seed:")) return undefined;
  try {
    return parseSeed(model);
  } catch {
    return undefined;
  }
}

/** Whether `model` names weights as a seed makes them, before any training. */
export const isUntrained = (model: string): boolean => model.startsWith("seed:") || smallStepOf(model) === 0;

/** What is not as in the notebook's configuration, as it is written there: "n_layers=4". Empty where all is. */
export const changesIn = (config: GPTConfig): string[] =>
  configKeys
    .filter((key) => config[key] !== GPT_CONFIG_124M[key])
    .map((key) => `${key}=${inPython(config[key])}`);

/** `value` as the notebook writes it. */
export const inPython = (value: number | boolean): string =>
  typeof value === "boolean" ? (value ? "True" : "False") : String(value);
