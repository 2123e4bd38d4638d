import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import type { PageTokenizer } from "./backend.ts";
import { base } from "./base.css.ts";
import { define } from "./define.ts";
import { formatCount } from "./format.ts";
import { chipStyles, tokenChip } from "./token-chip.ts";

/** Chips drawn at most; of a longer text the end is what the model reads. */
const MOST_DRAWN = 1024;

/** The row of the notebook's `idx`: the prompt's tokens and, behind them, those the loop appended. */
export class TokenTape extends LitElement {
  static override properties = {
    tokenizer: { attribute: false },
    start: { attribute: false },
    generated: { attribute: false },
    dropped: { attribute: false },
  };
  declare tokenizer: PageTokenizer | undefined;
  declare start: number[];
  declare generated: number[];
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
    chipStyles,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-3);
        align-items: baseline;
        margin-block-end: var(--nt-space-2);
      }

      .scroll {
        min-block-size: 3rem;
        max-block-size: 15rem;
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
        max-inline-size: 100%;
      }

      .more {
        align-self: center;
      }

      .decided {
        animation: arrive var(--nt-quick) ease-out;
      }

      @keyframes arrive {
        from {
          opacity: 0;
          transform: translateX(0.5rem);
        }
      }
    `,
  ];

  override render() {
    const ids = [...this.start, ...this.generated];
    const from = Math.max(0, ids.length - MOST_DRAWN);
    return html`
      <div class="head">
        <h2 class="caption">Tokens <code>idx [1, ${ids.length}]</code></h2>
        <p class="note">${this.#count()}</p>
      </div>
      <div class="scroll" role="region" aria-label="Tokens, with their ids" tabindex="0">
        <ol>
          ${from > 0 ? html`<li class="note more">${formatCount(from)} earlier tokens …</li>` : nothing}
          ${this.tokenizer && ids.slice(from).map((id, i) => this.#chip(this.tokenizer!, id, from + i))}
        </ol>
      </div>
    `;
  }

  override updated(changed: PropertyValues<this>) {
    if (!changed.has("generated") && !changed.has("start")) return;
    const scroll = this.renderRoot.querySelector(".scroll")!;
    scroll.scrollTop = scroll.scrollHeight;
  }

  #chip(tokenizer: PageTokenizer, id: number, position: number) {
    return html`<li class=${this.#state(position)}>${tokenChip(tokenizer, id)}</li>`;
  }

  #state(position: number): string {
    if (position < this.dropped) return "dropped";
    if (position < this.start.length) return "given";
    return position === this.start.length + this.generated.length - 1 ? "decided" : "appended";
  }

  #count(): string {
    const told = `${formatCount(this.start.length)} of the prompt, ${formatCount(this.generated.length)} appended`;
    return this.dropped > 0 ? `${told}; the first ${formatCount(this.dropped)} are cropped away` : told;
  }
}

define("next-token-tape", TokenTape);
