import { css, html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import type { Inspection } from "../../index.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { base } from "../design/base.css.ts";
import { properties } from "../design/properties.ts";
import { chipStyles, tokenChip, visible } from "../design/token-chip.ts";
import { define } from "../element/define.ts";
import { opacityOf } from "./heat.ts";

const digits = 3;

/** Of more keys than this only the heaviest are shown one by one. */
const MOST_KEYS = 24;

/** What one query of one head looks at: every key as a chip with its weight; and behind it the whole head as a table. */
export class QueryReading extends LitElement {
  @property({ attribute: false }) accessor inspection: Inspection | undefined;
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  @property({ attribute: false }) accessor layer = 0;
  @property({ attribute: false }) accessor head = 0;
  @property({ attribute: false }) accessor query = 0;
  /** Whether the table is open; closed, it is not there, because it may have 4,096 cells. */
  @state() accessor open = false;

  static override styles = [
    base,
    chipStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-2);
      }

      ol {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-1);
        max-block-size: calc(14 * var(--nt-em));
        overflow-y: auto;
      }

      li {
        display: grid;
        justify-items: stretch;
        text-align: center;
      }

      .weight {
        font-size: var(--nt-text-xs);
        font-variant-numeric: tabular-nums;
      }

      .tint {
        block-size: calc(0.375 * var(--nt-em));
        background: var(--nt-heat);
        forced-color-adjust: none;
      }

      .unseen .chip {
        background: none;
        border: 1px dashed var(--nt-edge);
      }

      .unseen .weight {
        color: var(--nt-soft);
      }

      .chip-text {
        font-size: var(--nt-text-s);
      }

      summary {
        font-size: var(--nt-text-s);
        cursor: pointer;
      }

      .table {
        max-block-size: calc(24 * var(--nt-em));
        overflow: auto;
      }

      table {
        border-collapse: collapse;
        font-size: var(--nt-text-xs);
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: calc(0.125 * var(--nt-em)) var(--nt-space-2);
        font-weight: 400;
        text-align: end;
        white-space: pre;
      }

      th {
        font-family: var(--nt-mono);
      }

      tr[aria-current="true"] {
        background: var(--nt-wash);
      }
    `,
  ];

  override render() {
    if (!this.inspection || !this.tokenizer) return undefined;
    const { ids, mask, attention } = this.inspection;
    const T = ids.length;
    const weights = attention(this.layer, this.head).subarray(this.query * T, (this.query + 1) * T);
    const isSeen = (key: number) => mask === "none" || key <= this.query;
    return html`
      <p class="note">
        What <code translate="no">${visible(this.tokenizer, ids[this.query]!)}</code> (position
        ${this.inspection.firstPosition + this.query}) looks at. ${this.#sumNote(weights)}
        ${T > MOST_KEYS ? `Of ${T} keys the ${MOST_KEYS} heaviest, in their order.` : ""}
      </p>
      <ol tabindex="0" aria-label="Weight of each key">
        ${heaviest(weights).map((key) => this.#key(ids[key]!, weights[key]!, isSeen(key)))}
      </ol>
      <details @toggle=${this.#toggle}>
        <summary>All weights of this head as a table</summary>
        ${this.open ? this.#table() : ""}
      </details>
    `;
  }

  #key(id: number, weight: number, isSeen: boolean) {
    return html`<li class=${isSeen ? "" : "unseen"}>
      <span class="tint" ${properties({ opacity: isSeen ? opacityOf(weight) : 0 })}></span>
      ${tokenChip(this.tokenizer!, id)}
      <span class="weight">${isSeen ? weight.toFixed(digits) : "hidden"}</span>
    </li>`;
  }

  #sumNote(weights: Float32Array): string {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum > 0.9995) return "The weights add up to 1.";
    return `The weights shown add up to ${sum.toFixed(digits)}; the rest lies on earlier tokens.`;
  }

  #table() {
    const { ids, attention } = this.inspection!;
    const weights = attention(this.layer, this.head);
    const name = (i: number) => visible(this.tokenizer!, ids[i]!);
    return html`<div class="table" tabindex="0" role="region" aria-label="All weights">
      <table>
        <caption class="visually-hidden">
          Attention of layer ${this.layer}, head ${this.head}: a row a query, a column a key
        </caption>
        <thead>
          <tr>
            <td translate="no"></td>
            ${ids.map((_, key) => html`<th scope="col" translate="no">${name(key)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${ids.map(
            (_, query) => html`<tr aria-current=${query === this.query ? "true" : "false"}>
              <th scope="row" translate="no">${name(query)}</th>
              ${ids.map((_, key) => html`<td translate="no">${weights[query * ids.length + key]!.toFixed(digits)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #toggle(event: Event) {
    this.open = (event.currentTarget as HTMLDetailsElement).open;
  }
}

/** The keys that are shown one by one, in the order of the text. */
function heaviest(weights: Float32Array): number[] {
  const byWeight = [...weights.keys()].sort((a, b) => weights[b]! - weights[a]! || a - b);
  return byWeight.slice(0, MOST_KEYS).sort((a, b) => a - b);
}

define("next-token-query-reading", QueryReading);
