import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { NextTokenError } from "../../errors.ts";
import { MOST_ROWS, type RaggedPrompts } from "../../lesson/prompts/ragged-prompts.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import "./prompt-editor.ts";
import type { PromptEditor } from "./prompt-editor.ts";

/** The second text of the notebook's batch; the first is "Every effort moves you". */
const SECOND_TEXT = "Every day holds a";

export interface PromptRow {
  text: string;
  notes: string[];
  refusal: string | undefined;
  /** Undefined until the tokenizer is there. */
  tokens: number | undefined;
}

/**
 * The prompts of a batch, one editor a row. Fires `prompts-change` with all texts, `prompt-go`, and `ragged-prompts-change`
 * with what shall be done to prompts of unequal length.
 */
export class PromptRows extends LitElement {
  @property({ attribute: false }) accessor rows: PromptRow[] = [];
  @property({ attribute: false }) accessor raggedPrompts: RaggedPrompts = "error";
  /** Whether the page around the element has fixed the prompts. */
  @property({ attribute: false }) accessor locked = false;
  @property({ attribute: false }) accessor failure: NextTokenError | undefined;

  /** The row that has the focus once there are so many: one that was just added, or that follows one taken away. */
  #next: { row: number; count: number } | undefined;

  static override styles = [
    base,
    css`
      :host {
        position: relative;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-2);
      }

      .rows,
      .row {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-2);
      }

      /* A batch scrolls in its own box, so that the buttons and the stations stay in the first view. */
      .batch {
        gap: var(--nt-space-1);
        max-block-size: calc(11 * var(--nt-em));
        margin-block: calc(-1 * var(--nt-space-1));
        padding: var(--nt-space-1); /* for the ring around what has the focus */
        overflow-y: auto;
      }

      .batch .row {
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: end;
      }

      .row button {
        min-block-size: calc(2.25 * var(--nt-em));
        font-size: var(--nt-text-s);
      }

      /* With one row the button stands beside the caption and takes no line of its own. */
      .more.alone {
        position: absolute;
        inset-block-start: calc(-1 * var(--nt-space-1));
        inset-inline-end: 0;
      }

      .more {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-1) var(--nt-space-3);
        align-items: center;
        font-size: var(--nt-text-s);
      }

      .more button {
        min-block-size: var(--nt-target);
        padding-block: 0;
        font-size: var(--nt-text-xs);
      }

      .refusal {
        color: var(--nt-ink);
        font-weight: 600;
      }

      .more label {
        min-inline-size: 0;
      }

      select {
        max-inline-size: 100%;
        min-block-size: calc(1.75 * var(--nt-em));
      }
    `,
  ];

  override render() {
    const isBatch = this.rows.length > 1;
    return html`
      <div
        class=${isBatch ? "rows batch" : "rows"}
        role=${isBatch ? "region" : nothing}
        aria-label=${isBatch ? "Prompts of the batch" : nothing}
        tabindex=${isBatch ? "0" : nothing}
      >
        ${this.rows.map((row, r) => this.#row(row, r, isBatch))}
      </div>
      ${isBatch ? this.#said() : nothing}
      <div class=${isBatch ? "more" : "more alone"}>
        ${
          !this.locked && this.rows.length < MOST_ROWS
            ? html`<button @click=${this.#add}>
              Add a prompt to the batch
            </button>`
            : nothing
        }
        ${isBatch ? this.#raggedPrompts() : nothing}
      </div>
    `;
  }

  #row({ text, notes, refusal, tokens }: PromptRow, r: number, isBatch: boolean) {
    const label = isBatch ? `Prompt, row ${r}` : "Prompt";
    return html`<div class="row">
      <next-token-prompt
        ?compact=${isBatch}
        .label=${isBatch && tokens !== undefined ? `${label} · ${tokens} tokens` : label}
        .text=${text}
        .locked=${this.locked}
        .notes=${notes}
        .refusal=${refusal}
        @prompt-change=${(event: CustomEvent<string>) => this.#tell(this.#texts().with(r, event.detail))}
        @prompt-go=${() => this.dispatchEvent(new CustomEvent("prompt-go"))}
      ></next-token-prompt>
      ${
        isBatch && !this.locked
          ? html`<button aria-label=${`Remove row ${r}`} @click=${() => this.#remove(r)}>
            Remove
          </button>`
          : nothing
      }
    </div>`;
  }

  /** What holds of the whole batch; a row's own refusal stands there too, since its row may be scrolled away. */
  #said() {
    const refused = this.rows.findIndex(({ refusal }) => refusal);
    if (refused >= 0) return html`<p class="note refusal">Row ${refused}: ${this.rows[refused]!.refusal}</p>`;
    return this.failure?.code === "ragged-batch"
      ? html`<p class="note refusal" role="alert">${this.failure.message}</p>`
      : html`<p class="note">
          All rows go through one forward pass, side by side. A row need not be a sentence.
          ${this.raggedPrompts === "pad" ? "Padding is read like any other token, so it changes what follows." : nothing}
        </p>`;
  }

  #raggedPrompts() {
    const choices: [RaggedPrompts, string][] = [
      ["error", "are refused"],
      ["truncate", "are truncated to the shortest"],
      ["pad", "are padded with <|endoftext|> in front"],
    ];
    return html`<label>
      <span id="lengths">Unequal lengths</span>
      <select
        aria-labelledby="lengths"
        ?disabled=${this.locked}
        @change=${(event: Event) =>
          this.dispatchEvent(
            new CustomEvent("ragged-prompts-change", {
              detail: choices[(event.target as HTMLSelectElement).selectedIndex]![0],
            }),
          )}
      >
        ${choices.map(([value, label]) => html`<option .selected=${value === this.raggedPrompts}>${label}</option>`)}
      </select>
    </label>`;
  }

  protected override async updated() {
    if (this.#next?.count !== this.rows.length) return;
    const editor = this.renderRoot.querySelectorAll<PromptEditor>("next-token-prompt")[this.#next.row];
    this.#next = undefined;
    await editor?.updateComplete;
    editor?.focus();
  }

  #add() {
    this.#next = { row: this.rows.length, count: this.rows.length + 1 };
    const texts = this.#texts();
    this.#tell([...texts, texts.length === 1 ? SECOND_TEXT : texts.at(-1)!]);
  }

  #remove(r: number) {
    const count = this.rows.length - 1;
    this.#next = { row: Math.min(r, count - 1), count };
    this.#tell(this.#texts().toSpliced(r, 1));
  }

  #texts(): string[] {
    return this.rows.map(({ text }) => text);
  }

  #tell(detail: string[]) {
    this.dispatchEvent(new CustomEvent("prompts-change", { detail }));
  }
}

define("next-token-prompts", PromptRows);
