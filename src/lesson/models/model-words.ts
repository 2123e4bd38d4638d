import { formatBytes } from "../format.ts";
import type { ModelSource } from "./model-source.ts";

/** What a model is called in the menu. */
export function modelName(source: ModelSource): string {
  if (source.kind === "seed") return `Untrained, seed ${source.seed}`;
  if (source.kind === "file") return source.file.name;
  return source.known?.label ?? nameAt(source.url);
}

/** What choosing it means, before anything is loaded. */
export function modelNote(source: ModelSource): string {
  if (source.kind === "seed")
    return "The notebook's 124M model before training: its weights are drawn here, nothing is downloaded.";
  if (source.kind === "file")
    return `${formatBytes(source.file.size)}${source.config ? ` and ${source.config.name}` : ""}, read on this computer at the first Play or Step.`;
  const from = source.isForeign ? `${source.host}, after you agreed to it` : source.host;
  return `It is downloaded at the first Play or Step from ${from}, and kept for the next visit.`;
}

/** "model.safetensors from example.org"; on the hub every file has that name, but not every repository. */
export function nameAt(url: string): string {
  const { pathname, host } = new URL(url);
  const repository = /^\/([^/]+\/[^/]+)\/resolve\//.exec(pathname)?.[1];
  return `${repository ?? (pathname.split("/").at(-1) || "A model")} from ${host}`;
}
