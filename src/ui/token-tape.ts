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
  };
  declare tokenizer: PageTokenizer | undefined;
  /** [B, T] */
  declare start: number[][];
  /** For each row. */
  declare generated: number[][];
  /** How many tokens at the beginning the model does not read. */
  declare dropped: number;

  constructor() {
    super();
    this.start = [];
    this.generated = [];
    this.dropped = 0;
  }

  static override styles = [
    base,
    headStyles,
    chipStyles,
    css`
      .scroll {
        min-block-size: 3rem;
        max-block-size: var(--nt-tape-height, 15rem);
        margin: -0.25rem;
        padding: 0.25rem;
        overflow-y: auto;
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

      ol + ol {
        margin-block-start: var(--nt-space-2);
        padding-block-start: var(--nt-space-2);
        border-block-start: 1px solid var(--nt-line);
      }
    `,
  ];

  override render() {
    const B = this.start.length;
    const lengths = new Set(this.start.map((row, r) => row.length + (this.generated[r]?.length ?? 0)));
    const T = [...lengths].join(" or "); // of rows that are not yet equally long
    return html`
      <div class="head">
        <h2 class="caption">Tokens <code translate="no">idx [${B}, ${T}]</code></h2>
        <p class="note">${this.#count()}</p>
      </div>
      <div class="scroll" role="region" aria-label="Tokens, with their ids" tabindex="0">
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
    return html`<ol aria-label=${this.start.length > 1 ? `Row ${r}` : nothing}>
      ${from > 0 ? html`<li class="note more">${formatCount(from)} earlier tokens …</li>` : nothing}
      ${this.tokenizer && ids.slice(from).map((id, i) => this.#chip(this.tokenizer!, id, r, from + i))}
    </ol>`;
  }

  override updated(changed: PropertyValues<this>) {
    if (!changed.has("generated") && !changed.has("start")) return;
    const scroll = this.renderRoot.querySelector(".scroll")!;
    scroll.scrollTop = scroll.scrollHeight;
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
