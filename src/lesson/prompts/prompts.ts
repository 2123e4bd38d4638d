import type { NextTokenError } from "../../errors.ts";
import type { Backend, PageTokenizer } from "../backend.ts";
import { asNextTokenError } from "../failure.ts";
import { PromptIds } from "./prompt-ids.ts";
import { padOrTruncate, type RaggedPrompts } from "./ragged-prompts.ts";

/** The prompts of a batch, one a row: at least one. */
export class Prompts {
  rows: readonly PromptIds[];
  raggedPrompts: RaggedPrompts = "error";
  /** How often ids have changed, so that who shows them can tell. */
  revision = 0;
  readonly #open: () => PromptIds;

  /** @param changed called whenever ids have changed */
  constructor(load: Backend["loadTokenizer"], changed: () => void) {
    const idsChanged = () => {
      this.revision++;
      changed();
    };
    this.#open = () => new PromptIds(load, idsChanged);
    this.rows = [this.#open()];
  }

  get texts(): string[] {
    return this.rows.map(({ text }) => text);
  }

  get tokenizer(): PageTokenizer | undefined {
    return this.rows[0]!.tokenizer;
  }

  /** @returns whether anything is different from before */
  set(texts: readonly string[], raggedPrompts: RaggedPrompts): boolean {
    const before = this.texts;
    const same = texts.length === before.length && texts.every((text, row) => text === before[row]);
    if (same && raggedPrompts === this.raggedPrompts) return false;
    const isLoaded = this.tokenizer !== undefined;
    this.raggedPrompts = raggedPrompts;
    this.rows = texts.map((text, row) => {
      const prompt = this.rows[row] ?? this.#open();
      if (text !== prompt.text) prompt.set(text);
      if (isLoaded) void prompt.load();
      return prompt;
    });
    return true;
  }

  /** The ids of each row, which may be of unequal length. */
  get ids(): (number[] | undefined)[] {
    return this.rows.map(({ ids }) => ids);
  }

  /** Whether the ids are those of the texts, and not of what stood there before somebody typed. */
  get areSplit(): boolean {
    return this.rows.every(({ isSplit }) => isSplit);
  }

  /** The rows as ids, of equal length; undefined while there are none. */
  get idx(): number[][] | undefined {
    return this.#fitted().idx;
  }

  /** Why the prompts cannot be used as they are. */
  get failure(): NextTokenError | undefined {
    return this.rows.find(({ failure }) => failure)?.failure ?? this.#fitted().failure;
  }

  async load(): Promise<void> {
    await Promise.all(this.rows.map((row) => row.load()));
  }

  /**
   * The ids of the texts as they are now.
   * @throws NextTokenError "text-too-long", "tokenizer-not-loaded", "ragged-batch"
   */
  async now(): Promise<{ idx: number[][]; tokenizer: PageTokenizer }> {
    const rows = await Promise.all(this.rows.map((row) => row.now()));
    const { tokenizer } = rows[0]!;
    const ids = rows.map((row) => row.ids);
    return { idx: padOrTruncate(ids, this.raggedPrompts, tokenizer.endOfText), tokenizer };
  }

  #fitted(): { idx?: number[][]; failure?: NextTokenError } {
    const { tokenizer } = this;
    const ids = this.rows.flatMap((row) => (row.ids ? [row.ids] : []));
    if (!tokenizer || ids.length < this.rows.length) return {};
    try {
      return { idx: padOrTruncate(ids, this.raggedPrompts, tokenizer.endOfText) };
    } catch (cause) {
      return { failure: asNextTokenError(cause) };
    }
  }
}
