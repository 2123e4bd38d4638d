import { parameterCount } from "../../check-config.ts";
import type { GPTConfig } from "../../config.ts";
import { formatBytes, formatCount } from "../format.ts";
import { FINISHED } from "../small-model/snapshots.ts";
import { changesIn } from "./model-config.ts";
import type { ModelSource } from "./model-source.ts";

/** What a model is called in the menu. */
export function modelName(source: ModelSource): string {
  if (source.kind === "seed") return untrainedName(source.seed, source.config);
  if (source.kind === "small") return smallName(source.step);
  if (source.kind === "file") return source.file.name;
  return source.known?.label ?? nameAt(source.url);
}

/** What the small model is called after so many steps of training. */
export const smallName = (step: number): string =>
  step === FINISHED
    ? "Small, trained"
    : step === 0
      ? "Small, before training"
      : `Small, after ${formatCount(step)} steps of training`;

/** What choosing it means, before anything is loaded. */
export function modelNote(source: ModelSource): string {
  if (source.kind === "seed") return untrainedNote(source.config);
  if (source.kind === "small")
    return source.step === 0
      ? "The weights that the small model's training started from, drawn here from seed 123: nothing is downloaded."
      : "A small model that comes with this page, trained on short English texts: 0.8 MB, fetched once and kept for the next visit.";
  if (source.kind === "file")
    return `${formatBytes(source.file.size)}${source.config ? ` and ${source.config.name}` : ""}, read on this computer at the first Play or Step.`;
  const from = source.isForeign ? `${source.host}, after you agreed to it` : source.host;
  return `It is downloaded at the first Play or Step from ${from}, and kept for the next visit.`;
}

/** "Untrained, seed 123", which is the notebook's model; of another configuration "Untrained, seed 123 (4 layers, 96 wide)". */
export function untrainedName(seed: number, config: GPTConfig): string {
  const { n_layers, emb_dim } = config;
  const size = `${n_layers} ${n_layers === 1 ? "layer" : "layers"}, ${emb_dim} wide`;
  return `Untrained, seed ${seed}${changesIn(config).length > 0 ? ` (${size})` : ""}`;
}

function untrainedNote(config: GPTConfig): string {
  const changes = changesIn(config);
  if (changes.length === 0)
    return "The notebook's 124M model before training: its weights are drawn here, nothing is downloaded.";
  return (
    `The notebook's GPTModel with ${changes.join(", ")}, before training: ` +
    `its ${formatCount(parameterCount(config))} parameters are drawn here, nothing is downloaded.`
  );
}

/** "model.safetensors from example.org"; on the hub every file has that name, but not every repository. */
export function nameAt(url: string): string {
  const { pathname, host } = new URL(url);
  const repository = /^\/([^/]+\/[^/]+)\/resolve\//.exec(pathname)?.[1];
  return `${repository ?? (pathname.split("/").at(-1) || "A model")} from ${host}`;
}
