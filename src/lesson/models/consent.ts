import { NextTokenError } from "../../errors.ts";
import { type AddressSource, type PageContext, parseModelSource } from "./model-source.ts";

/** A download that somebody has to agree to first. */
export interface ForeignDownload {
  readonly host: string;
  /** The whole address. */
  readonly url: string;
  /** Undefined until the host is asked, which it is only after the answer. */
  readonly bytes?: number | undefined;
}

/** Hosts that somebody agreed to, for as long as the page is open. */
const agreed = new Set<string>();

export function agreeTo(host: string): void {
  agreed.add(host);
}

const isOpen = ({ isForeign, host }: AddressSource) => isForeign && !agreed.has(host);

/** What has to be asked before `model` may be loaded; undefined where nothing has. What is no model is for others to refuse. */
export function openQuestion(model: string, context: PageContext): ForeignDownload | undefined {
  try {
    const source = parseModelSource(model, context);
    return source.kind === "address" && isOpen(source) ? { host: source.host, url: source.url } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Stands right before the download, so that no way to it, however it came about, goes past the question.
 * @throws NextTokenError "host-not-allowed"
 */
export function checkAgreed(source: AddressSource): void {
  if (!isOpen(source)) return;
  throw new NextTokenError(
    "host-not-allowed",
    `Nobody has agreed to a download from ${source.host} yet. Press Play and allow it, or choose another model.`,
  );
}
