import { here, type KnownModel, parseModelSource } from "../model-source.ts";
import type { ForeignDownload } from "./foreign-host.ts";

/** Hosts that somebody agreed to, for as long as the page is open. */
const agreed = new Set<string>();

/** What has to be asked before `model` may be loaded; undefined where nothing has. What is no model is for others to refuse. */
export function openQuestion(model: string, known: readonly KnownModel[]): ForeignDownload | undefined {
  try {
    const source = parseModelSource(model, here(known));
    if (source.kind !== "address" || !source.isForeign || agreed.has(source.host)) return undefined;
    return { host: source.host, url: source.url };
  } catch {
    return undefined;
  }
}

export function agree(host: string): void {
  agreed.add(host);
}
