import type { NextTokenError } from "../../errors.ts";
import { inSlices } from "../../next-task.ts";
import type { Backend, PageTokenizer } from "../backend.ts";
import { asNextTokenError } from "../failure.ts";

/** How long nothing must be typed before the prompt is split anew, in milliseconds. */
const QUIET = 80;

/** How long splitting may last before it is told how far it is, in milliseconds. */
const PROGRESS_AFTER = 1000;

/**
 * The prompt as tokens: kept up to date while someone types, without a tokenizer until one is asked for. However long
 * the text, the page stays alive while it is split, and a newer text ends the splitting of an older one.
 * An empty prompt is the one token that GPT-2 itself starts from, `<|endoftext|>`.
 */
export class PromptIds {
  text = "";
  /** Undefined until the tokenizer is there, while a long text is being split, and while the text is refused. */
  ids: number[] | undefined;
  failure: NextTokenError | undefined;
  /** The share of a text that is done, once splitting it has lasted for a second; undefined otherwise. */
  progress: number | undefined;
  tokenizer: PageTokenizer | undefined;

  readonly #load: Backend["loadTokenizer"];
  readonly #changed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The text that the ids or the failure are of. */
  #split: string | undefined;
  #splitting: Promise<void> | undefined;
  #overtaken = new AbortController();

  constructor(load: Backend["loadTokenizer"], changed: () => void) {
    this.#load = load;
    this.#changed = changed;
  }

  /** Whether the ids, or the failure, are of the text as it is now. */
  get isSplit(): boolean {
    return this.#split === this.text;
  }

  /** Takes a new text. Its ids follow when nothing more is typed, once the tokenizer is loaded. */
  set(text: string): void {
    this.text = text;
    if (!this.tokenizer) return;
    this.#overtaken.abort();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), QUIET);
  }

  /** Loads the tokenizer and splits the text at hand. Failures are kept in `failure`, not thrown. */
  async load(): Promise<void> {
    if (!this.tokenizer) {
      try {
        this.tokenizer = await this.#load();
      } catch (cause) {
        this.failure = asNextTokenError(cause);
        this.#changed();
        return;
      }
      this.#begin();
    }
    await this.#splitting;
  }

  /**
   * The ids of the text as it is now, without waiting for typing to stop.
   * @throws NextTokenError "text-too-long", "tokenizer-not-loaded"
   */
  async now(): Promise<{ ids: number[]; tokenizer: PageTokenizer }> {
    await this.load();
    while (this.tokenizer && !this.isSplit) {
      if (this.#timer) this.#begin();
      await this.#splitting;
    }
    if (!this.ids || !this.tokenizer) throw this.failure;
    return { ids: this.ids, tokenizer: this.tokenizer };
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#overtaken.abort();
    this.#overtaken = new AbortController();
    this.#splitting = this.#encode(this.text, this.tokenizer!, this.#overtaken.signal);
  }

  async #encode(text: string, tokenizer: PageTokenizer, signal: AbortSignal): Promise<void> {
    const start = performance.now();
    const paused = (share: number) =>
      this.#take(
        performance.now() - start < PROGRESS_AFTER ? {} : { progress: Math.floor(100 * share) / 100 },
      );
    try {
      const ids = await inSlices(tokenizer.encodeInSteps(text), { signal, paused });
      this.#split = text;
      this.#take({ ids: ids.length > 0 ? ids : [tokenizer.endOfText] });
    } catch (cause) {
      if (signal.aborted) return;
      this.#split = text;
      this.#take({ failure: asNextTokenError(cause) });
    }
  }

  /** Takes the result of splitting; a field that is left out becomes undefined. */
  #take({ ids, failure, progress }: Partial<Pick<PromptIds, "ids" | "failure" | "progress">>): void {
    const isNews = ids !== this.ids || failure !== this.failure || progress !== this.progress;
    Object.assign(this, { ids, failure, progress });
    if (isNews) this.#changed();
  }
}
