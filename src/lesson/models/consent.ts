import { NextTokenError } from "../../errors.ts";
import { keptBytes, knownModels } from "./library.ts";
import { type AddressSource, type KnownModel, type PageContext, parseModelSource } from "./model-source.ts";

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

const needsConsent = ({ isForeign, host }: AddressSource) => isForeign && !agreed.has(host);

/**
 * The question before a foreign host is asked for anything. One question is open at a time: a newer one settles the one
 * before it with no.
 */
export class Consent {
  /** The question that is open. */
  asked: ForeignDownload | undefined;
  readonly #contextOf: (known: readonly KnownModel[]) => PageContext;
  readonly #changed: () => void;
  #settle: (isAllowed: boolean) => void = () => {};
  #requests = 0;

  /**
   * @param contextOf the page that runs, with the models that are known by name
   * @param changed called after every change of `asked`
   */
  constructor(contextOf: (known: readonly KnownModel[]) => PageContext, changed: () => void) {
    this.#contextOf = contextOf;
    this.#changed = changed;
  }

  /**
   * Whether `model` may be loaded: at once, or after somebody agreed to its host. Rejects when the code that knows the
   * published models does not come.
   */
  async request(model: string): Promise<boolean> {
    if (model.startsWith("seed:")) return true;
    const question = questionOf(model, this.#contextOf(await knownModels()));
    if (!question) return true;
    const request = ++this.#requests;
    const bytes = await keptBytes(question.url).catch(() => undefined); // the question then names no size
    if (request < this.#requests) return false;
    this.answer(false);
    this.#ask({ ...question, bytes });
    const isAllowed = await new Promise<boolean>((resolve) => {
      this.#settle = resolve;
    });
    if (isAllowed) agreed.add(question.host);
    return isAllowed;
  }

  /** Settles the question that is open, if there is one. */
  answer(isAllowed: boolean): void {
    this.#ask(undefined);
    this.#settle(isAllowed);
  }

  #ask(question: ForeignDownload | undefined): void {
    if (question === this.asked) return;
    this.asked = question;
    this.#changed();
  }
}

/** What has to be asked before `model` may be loaded; undefined where nothing has. What names no model fails when it is loaded. */
function questionOf(model: string, context: PageContext): ForeignDownload | undefined {
  try {
    const source = parseModelSource(model, context);
    return source.kind === "address" && needsConsent(source)
      ? { host: source.host, url: source.url }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Stands right before the download, so that no way to it, however it came about, goes past the question.
 * @throws NextTokenError "host-not-allowed"
 */
export function checkAgreed(source: AddressSource): void {
  if (!needsConsent(source)) return;
  throw new NextTokenError(
    "host-not-allowed",
    `Nobody has agreed to a download from ${source.host} yet. Press Play and allow it, or choose another model.`,
  );
}
