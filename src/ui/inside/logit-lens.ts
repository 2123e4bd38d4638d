import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Candidate, Inspection } from "../../index.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { formatProbability } from "../../lesson/format.ts";
import { base } from "../design/base.css.ts";
import { chipStyles, tokenChip } from "../design/token-chip.ts";
import { define } from "../element/define.ts";
import { answerOf, type LensRow, lensRows } from "./lens-rows.ts";

const RANKS = ["likeliest", "2nd", "3rd"];

/** What each layer would have said, through the model's final norm and head. */
export class LogitLens extends LitElement {
  @property({ attribute: false }) accessor inspection: Inspection | undefined;
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  /** The block whose row is marked. */
  @property({ attribute: false }) accessor layer: number | undefined;

  static override styles = [
    base,
    chipStyles,
    css`
      .scroll {
        max-block-size: calc(60 * var(--nt-em));
        overflow: auto;
      }

      table {
        border-collapse: collapse;
        font-size: var(--nt-text-s);
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: calc(0.125 * var(--nt-em)) var(--nt-space-2) calc(0.125 * var(--nt-em)) 0;
        font-weight: 400;
        text-align: start;
        white-space: nowrap;
      }

      thead th {
        color: var(--nt-soft);
        border-block-end: 1px solid var(--nt-line);
        font-size: var(--nt-text-xs);
      }

      tr.chosen {
        background: var(--nt-wash);
      }

      tr.chosen th {
        font-weight: 600;
      }

      tr.first :is(th, td) {
        border-block-start: 2px solid var(--nt-ink);
      }

      .chip {
        flex-direction: row;
        gap: var(--nt-space-2);
        align-items: baseline;
        padding-block: 0;
      }

      .chip,
      .chip-text {
        max-inline-size: none;
      }

      .chip-text {
        font-size: var(--nt-text-s);
        white-space: pre;
      }

      .answer .chip {
        border-color: var(--nt-ink);
      }

      .probability {
        display: block;
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
      }
    `,
  ];

  override render() {
    if (!this.inspection || !this.tokenizer) return undefined;
    const rows = lensRows(this.inspection);
    const answer = answerOf(this.inspection);
    const ranks = rows[0]!.candidates.length;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Logit lens">
      <table>
        <thead>
          <tr>
            <th scope="col">After</th>
            ${Array.from({ length: ranks }, (_, rank) => html`<th scope="col">${RANKS[rank] ?? `${rank + 1}th`}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map((row, depth) => this.#row(row, answer, depth - 1, depth === rows.length - 1))}
        </tbody>
      </table>
    </div>`;
  }

  #row({ name, candidates, leadsFirst }: LensRow, answer: number, layer: number, isLast: boolean) {
    const isChosen = layer === this.layer;
    const classes = [leadsFirst ? "first" : "", isChosen ? "chosen" : ""].join(" ");
    return html`<tr class=${classes} aria-current=${isChosen ? "true" : nothing}>
      <th scope="row">
        ${name}
        ${leadsFirst ? html`<strong class="probability">answer leads</strong>` : ""}
      </th>
      ${candidates.map((candidate) => this.#candidate(candidate, candidate.id === answer, isLast))}
    </tr>`;
  }

  #candidate({ id, probability }: Candidate, isAnswer: boolean, isLast: boolean) {
    const state = isAnswer ? (isLast ? "decided" : "answer") : "";
    return html`<td translate="no" class=${state}>
      ${tokenChip(this.tokenizer!, id)}
      <span class="probability">${formatProbability(probability)}</span>
    </td>`;
  }
}

define("next-token-lens", LogitLens);
