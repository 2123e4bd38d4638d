import type { NextTokenError } from "../next-token-error.ts";
import type { Backend, PageTokenizer } from "./backend.ts";
import { asNextTokenError } from "./failure.ts";

/** How long typing must rest before the prompt is split anew, in milliseconds. */
const REST = 80;

/**
 * The prompt as tokens: kept up to date while someone types, without a tokenizer until one is asked for.
 * An empty prompt is the one token that GPT-2 itself starts from, `<|endoftext|>`.
 */
export class PromptIds {
  text = "";
  /** Undefined until the tokenizer is there, and while the text is refused. */
  ids: number[] | undefined;
  failure: NextTokenError | undefined;
  tokenizer: PageTokenizer | undefined;

  readonly #load: Backend["loadTokenizer"];
  readonly #changed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(load: Backend["loadTokenizer"], changed: () => void) {
    this.#load = load;
    this.#changed = changed;
  }

  /** Takes a new text; its ids follow when typing rests, once the tokenizer has been loaded. */
  set(text: string): void {
    this.text = text;
    if (!this.tokenizer) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#encode(), REST);
  }

  /** Loads the tokenizer and encodes the text at hand. Failures are kept in `failure`, not thrown. */
  async load(): Promise<void> {
    if (this.tokenizer) return;
    try {
      this.tokenizer = await this.#load();
    } catch (cause) {
      this.failure = asNextTokenError(cause);
      this.#changed();
      return;
    }
    this.#encode();
  }

  /**
   * The ids of the text as it is now, without waiting for typing to rest.
   * @throws NextTokenError "text-too-long", "tokenizer-not-loaded"
   */
  async now(): Promise<{ ids: number[]; tokenizer: PageTokenizer }> {
    await this.load();
    if (this.#timer) this.#encode();
    if (!this.ids || !this.tokenizer) throw this.failure;
    return { ids: this.ids, tokenizer: this.tokenizer };
  }

  #encode(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const tokenizer = this.tokenizer!;
    this.ids = undefined;
    this.failure = undefined;
    try {
      const ids = tokenizer.encode(this.text);
      this.ids = ids.length > 0 ? ids : [tokenizer.endOfText];
    } catch (cause) {
      this.failure = asNextTokenError(cause);
    }
    this.#changed();
  }
}
