import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import type { PageTokenizer } from "./backend.ts";
import { base } from "./base.css.ts";
import { define } from "./define.ts";
import { formatCount } from "./format.ts";
import { headStyles } from "./head.css.ts";
import { chipStyles, tokenChip } from "./token-chip.ts";

/** Chips drawn at most; of a longer text the end is what the model reads. */
const MOST_DRAWN = 1024;

/** The notebook's `idx`: in each row the prompt's tokens and, behind them, those the loop appended. */
export class TokenTape extends LitElement {
  static override properties = {
    tokenizer: { attribute: false },
    start: { attribute: false },
    generated: { attribute: false },
    dropped: { attribute: false },
    row: { attribute: false },
  };
  declare tokenizer: PageTokenizer | undefined;
  /** [B, T] */
  declare start: number[][];
  /** For each row. */
  declare generated: number[][];
  /** How many tokens at the beginning the model does not read. */
  declare dropped: number;
  /** The row that the rest of the figure shows. */
  declare row: number;

  constructor() {
    super();
    this.start = [];
    this.generated = [];
    this.dropped = 0;
    this.row = 0;
  }

  static override styles = [
    base,
    headStyles,
    chipStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-block-size: 0;
      }

      /* Three lines of chips, or as high as the figure has room: a text that grows moves nothing below it. */
      .scroll {
        position: relative;
        flex: 0 0 auto;
        block-size: calc(9.25 * var(--nt-em));
        margin: calc(-1 * var(--nt-space-1));
        padding: var(--nt-space-1);
        overflow-y: auto;
      }

      @container (min-width: 52em) {
        .scroll {
          flex: 1 1 0;
        }
      }

      .batch {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-content: start;
      }

      .name {
        padding-inline: var(--nt-space-2) var(--nt-space-3);
        color: var(--nt-soft);
        border-inline-start: calc(0.25 * var(--nt-em)) solid var(--nt-clear);
        font-size: var(--nt-text-xs);
      }

      .name.shown {
        color: var(--nt-ink);
        border-inline-start-color: var(--nt-ink);
        font-weight: 600;
      }

      ol {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-1);
      }

      li {
        display: grid;
        justify-items: center;
        align-content: start;
        max-inline-size: 100%;
      }

      .position {
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
        font-variant-numeric: tabular-nums;
        line-height: 1.2;
      }

      .more {
        align-self: center;
      }

      .batch > * {
        padding-block: var(--nt-space-1);
        border-block-end: 1px solid var(--nt-line);
      }
    `,
  ];

  override render() {
    const B = this.start.length;
    const lengths = new Set(this.start.map((row, r) => row.length + (this.generated[r]?.length ?? 0)));
    const T = [...lengths].join(" or "); // of rows that are not yet equally long
    return html`
      <div class="head">
        <h2 class="caption">Tokens <code>idx [${B}, ${T}]</code></h2>
        <p class="note">${this.#count()}</p>
      </div>
      <div class=${B > 1 ? "scroll batch" : "scroll"} role="region" aria-label="Tokens, with their ids" tabindex="0">
        ${this.start.map((_, r) => this.#row(r))}
      </div>
    `;
  }

  /** The chip of the token that was chosen last, in a row. */
  chosenChip(row: number): HTMLElement | null {
    return this.renderRoot.querySelectorAll("ol")[row]?.querySelector<HTMLElement>(".decided .chip") ?? null;
  }

  #row(r: number) {
    const ids = [...this.start[r]!, ...(this.generated[r] ?? [])];
    const from = Math.max(0, ids.length - MOST_DRAWN);
    const isBatch = this.start.length > 1;
    const isShown = isBatch && r === this.row;
    return html`${isBatch ? html`<p class=${isShown ? "name shown" : "name"} aria-hidden="true">row ${r}</p>` : nothing}
    <ol aria-label=${isBatch ? `Row ${r}` : nothing} aria-current=${isShown ? "true" : nothing}>
      ${from > 0 ? html`<li class="note more">${formatCount(from)} earlier tokens …</li>` : nothing}
      ${this.tokenizer && ids.slice(from).map((id, i) => this.#chip(this.tokenizer!, id, r, from + i))}
    </ol>`;
  }

  override updated(changed: PropertyValues<this>) {
    if (!changed.has("generated") && !changed.has("start") && !changed.has("row")) return;
    const scroll = this.renderRoot.querySelector(".scroll")!;
    const shown = this.renderRoot.querySelectorAll("ol")[this.row];
    scroll.scrollTop = shown ? shown.offsetTop + shown.offsetHeight - scroll.clientHeight : 0;
  }

  #chip(tokenizer: PageTokenizer, id: number, row: number, index: number) {
    const position = index - this.dropped;
    const title = position < 0 ? "cropped away" : `position ${position}`;
    // Where nothing is cropped a token's position is its place in the row: there is nothing to tell.
    const isMoved = this.dropped > 0 && position >= 0;
    return html`<li class=${this.#state(row, index)} title=${title}>
      ${tokenChip(tokenizer, id)}${isMoved ? html`<span class="position">${position}</span>` : nothing}
    </li>`;
  }

  #state(row: number, index: number): string {
    if (index < this.dropped) return "dropped";
    const start = this.start[row]!.length;
    if (index < start) return "given";
    return index === start + this.generated[row]!.length - 1 ? "decided" : "appended";
  }

  #count(): string {
    const [row = []] = this.start;
    const [generated = []] = this.generated;
    const told = `${formatCount(row.length)} of the prompt, ${formatCount(generated.length)} appended`;
    return this.dropped > 0
      ? `${told}; the first ${formatCount(this.dropped)} are cropped away, and positions count from 0 again`
      : told;
  }
}

define("next-token-tape", TokenTape);
