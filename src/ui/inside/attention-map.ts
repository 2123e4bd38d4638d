import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { Inspection } from "../../index.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { base } from "../design/base.css.ts";
import { properties } from "../design/properties.ts";
import { chipStyles, tokenChip, visible } from "../design/token-chip.ts";
import { define } from "../element/define.ts";
import { drawHeat, heatStyles } from "./heat.ts";

/** Up to so many tokens have their text on both axes; more would be too small to read. */
const MOST_LABELLED = 40;

/**
 * One head's attention, large: a row a query, a column a key, tokens on both axes. A query is chosen by a click or with
 * the arrow keys: fires `query-chosen` with its place among the tokens shown.
 */
export class AttentionMap extends LitElement {
  @property({ attribute: false }) accessor inspection: Inspection | undefined;
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  @property({ attribute: false }) accessor layer = 0;
  @property({ attribute: false }) accessor head = 0;
  @property({ attribute: false }) accessor query = 0;

  static override styles = [
    base,
    chipStyles,
    heatStyles,
    css`
      :host {
        container-type: inline-size;
      }

      .scroll {
        overflow-x: auto;
        padding: calc(0.25 * var(--nt-em));
      }

      .map {
        /* As large as the room allows, beside the texts of the queries; what is too many for it scrolls. */
        --cell: clamp(var(--least), min(34 * var(--nt-em), 100cqi - 6 * var(--nt-em)) / var(--tokens), 2.25 * var(--nt-em));
        --least: calc(0.25 * var(--nt-em));
        display: grid;
        grid-template: auto auto / max-content max-content;
        inline-size: max-content;
      }

      .map.labelled {
        --least: calc(1.375 * var(--nt-em)); /* as wide as the chip of a key */
      }

      .keys,
      .queries {
        display: grid;
        grid-auto-rows: var(--cell);
      }

      .keys {
        grid-area: 1 / 2;
        grid-template-columns: repeat(var(--tokens), var(--cell));
        grid-auto-rows: auto;
        align-items: end;
        justify-items: center;
      }

      .keys span.key {
        max-inline-size: calc(6 * var(--nt-em));
        overflow: hidden;
        writing-mode: vertical-rl;
      }

      .queries {
        grid-area: 2 / 1;
      }

      .queries button {
        display: flex;
        align-items: center;
        justify-content: end;
        min-block-size: 0;
        min-inline-size: calc(1.5 * var(--nt-em));
        padding: 0 calc(0.125 * var(--nt-em));
        background: none;
        border: 0;
        line-height: 1;
      }

      .queries button:hover .chip {
        border-color: var(--nt-edge);
      }

      .queries [aria-checked="true"] .chip,
      .queries [aria-checked="true"].bare {
        border-color: var(--nt-ink);
        background: var(--nt-ink);
        forced-color-adjust: none;
      }

      .queries [aria-checked="true"] :is(.chip-text, .chip-space) {
        color: var(--nt-paper);
      }

      .chip {
        min-inline-size: 0;
        padding: 0 calc(0.1875 * var(--nt-em));
        line-height: 1.25; /* room for descenders: the text is cut at its own box */
      }

      .keys .chip {
        padding: calc(0.1875 * var(--nt-em)) calc(0.0625 * var(--nt-em));
      }

      .chip-text {
        max-inline-size: calc(7 * var(--nt-em));
        overflow: hidden;
        font-size: var(--nt-text-xs);
        text-overflow: ellipsis;
        white-space: pre;
      }

      .keys .chip-text {
        max-inline-size: calc(5.5 * var(--nt-em));
      }

      .chip-id {
        display: none;
      }

      .field {
        position: relative;
        grid-area: 2 / 2;
        inline-size: calc(var(--cell) * var(--tokens));
        outline: 1px solid var(--nt-line);
        cursor: pointer;
      }

      canvas {
        inline-size: 100%;
        aspect-ratio: 1;
      }

      .chosen {
        position: absolute;
        inset-inline: 0;
        inset-block-start: calc(var(--cell) * var(--query));
        block-size: var(--cell);
        outline: 2px solid var(--nt-ink);
        pointer-events: none;
      }
    `,
  ];

  override render() {
    if (!this.inspection || !this.tokenizer) return undefined;
    const { ids } = this.inspection;
    const labelled = ids.length <= MOST_LABELLED;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Attention map">
      <div
        class=${labelled ? "map heat labelled" : "map heat"}
        ${properties({ "--tokens": ids.length, "--query": this.query })}
        @transitionend=${this.#draw}
      >
        <div class="keys" aria-hidden="true">
          ${labelled ? ids.map((id) => html`<span class="key">${this.#chip(id)}</span>`) : ""}
        </div>
        <div class="queries" role="radiogroup" aria-label="Query: the token that looks" @keydown=${this.#move}>
          ${ids.map((id, query) => this.#query(id, query, labelled))}
        </div>
        <div class="field" @click=${this.#point}>
          <canvas role="img" aria-label=${this.#summary()}></canvas>
          <div class="chosen"></div>
        </div>
      </div>
    </div>`;
  }

  #chip(id: number) {
    return tokenChip(this.tokenizer!, id);
  }

  #query(id: number, query: number, labelled: boolean) {
    const chosen = query === this.query;
    const position = this.inspection!.firstPosition + query;
    return html`<button
      type="button"
      role="radio"
      class=${labelled ? "" : "bare"}
      aria-checked=${chosen}
      tabindex=${chosen ? 0 : -1}
      aria-label="${visible(this.tokenizer!, id)}, position ${position}"
      @click=${() => this.#choose(query)}
    >
      ${labelled ? this.#chip(id) : ""}
    </button>`;
  }

  #summary(): string {
    const { ids } = this.inspection!;
    return `Attention of layer ${this.layer}, head ${this.head}: ${ids.length} queries by ${ids.length} keys. The values are in the table below.`;
  }

  override updated(changed: Map<PropertyKey, unknown>) {
    if (["inspection", "tokenizer", "layer", "head"].some((name) => changed.has(name))) this.#draw();
    // The keyboard's focus follows what is chosen.
    if (this.shadowRoot!.activeElement?.matches('[role="radio"]'))
      this.renderRoot.querySelector<HTMLElement>('[role="radio"][tabindex="0"]')?.focus();
  }

  #draw() {
    const canvas = this.renderRoot.querySelector("canvas");
    if (!canvas || !this.inspection) return;
    const { ids, mask, attention } = this.inspection;
    drawHeat(canvas, attention(this.layer, this.head), ids.length, mask);
  }

  #choose(query: number) {
    this.dispatchEvent(new CustomEvent<number>("query-chosen", { detail: query }));
  }

  #point({ offsetY, currentTarget }: MouseEvent) {
    const T = this.inspection!.ids.length;
    const row = Math.floor((offsetY / (currentTarget as HTMLElement).clientHeight) * T);
    this.#choose(Math.min(T - 1, Math.max(0, row)));
  }

  #move(event: KeyboardEvent) {
    const last = this.inspection!.ids.length - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowUp: Math.max(0, this.query - 1),
      ArrowLeft: Math.max(0, this.query - 1),
      ArrowDown: Math.min(last, this.query + 1),
      ArrowRight: Math.min(last, this.query + 1),
      Home: 0,
      End: last,
    };
    const query = to[event.key];
    if (query === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#choose(query);
  }
}

define("next-token-attention-map", AttentionMap);
