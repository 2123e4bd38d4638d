import { css, html, LitElement, svg } from "lit";
import type { Candidate } from "../index.ts";
import type { PageTokenizer } from "./backend.ts";
import { base } from "./base.css.ts";
import { define } from "./define.ts";
import { formatLogit, formatProbability } from "./format.ts";
import { chipStyles, tokenChip } from "./token-chip.ts";

/** What the model thought likeliest at one step: a chart for the eye that is a table for everyone. */
export class CandidateTable extends LitElement {
  static override properties = {
    tokenizer: { attribute: false },
    candidates: { attribute: false },
    chosen: { attribute: false },
  };
  declare tokenizer: PageTokenizer | undefined;
  /** Likeliest first. */
  declare candidates: Candidate[];
  /** The id that was appended. */
  declare chosen: number | undefined;

  constructor() {
    super();
    this.candidates = [];
  }

  static override styles = [
    base,
    chipStyles,
    css`
      table {
        inline-size: 100%;
        border-collapse: collapse;
        font-size: var(--nt-text-s);
        font-variant-numeric: tabular-nums;
      }

      caption {
        margin-block-end: var(--nt-space-2);
        text-align: start;
      }

      thead th {
        padding-block-end: var(--nt-space-1);
        color: var(--nt-soft);
        border-block-end: 1px solid var(--nt-line);
        font-size: var(--nt-text-xs);
        font-weight: 400;
        text-align: start;
      }

      tbody th {
        padding-block: 0.125rem;
        padding-inline-end: var(--nt-space-2);
        font-weight: 400;
        text-align: start;
      }

      th.number,
      td.number {
        padding-inline-start: var(--nt-space-3);
        text-align: end;
        white-space: nowrap;
      }

      td.probability {
        inline-size: 90%; /* what the others leave */
      }

      .probability div {
        display: flex;
        gap: 0 var(--nt-space-3);
        align-items: center;
      }

      .probability span {
        min-inline-size: 4.5rem;
        text-align: end;
        white-space: nowrap;
      }

      svg {
        flex: 1;
        inline-size: 0;
        block-size: 0.875rem;
      }

      rect {
        fill: var(--nt-bar);
        transition: width var(--nt-quick) ease-out;
      }

      .decided rect {
        fill: var(--nt-accent);
      }

      tr.decided td {
        font-weight: 600;
      }

      .chip {
        flex-direction: row;
        gap: var(--nt-space-2);
        align-items: baseline;
        padding-block: 0;
      }

      .chip-text {
        max-inline-size: 11rem;
        font-size: var(--nt-text-s);
        overflow-wrap: break-word; /* unlike "anywhere" it keeps the column as wide as a word */
      }

      table + .note {
        margin-block-start: var(--nt-space-2);
      }

      @container (max-width: 30rem) {
        .chip {
          flex-direction: column;
          gap: 0;
          align-items: start;
        }

        .chip-text {
          max-inline-size: 7rem;
        }

        .probability div {
          flex-direction: column-reverse;
          align-items: stretch;
        }

        svg {
          flex: none;
          inline-size: 100%;
          block-size: 0.375rem;
        }
      }
    `,
  ];

  override render() {
    return this.candidates.length > 0 ? this.#table() : this.#promise();
  }

  #promise() {
    return html`
      <h2 class="caption">The ten likeliest next tokens</h2>
      <p class="note">
        Each step computes a logit for every one of the 50,257 tokens, turns the logits into probabilities, and
        appends the likeliest token.
      </p>
    `;
  }

  #table() {
    const together = this.candidates.reduce((sum, { probability }) => sum + probability, 0);
    return html`
      <table>
        <caption class="caption">
          The ten likeliest next tokens
        </caption>
        <thead>
          <tr>
            <th scope="col">Token and id</th>
            <th scope="col" class="number">Probability</th>
            <th scope="col" class="number">Logit</th>
          </tr>
        </thead>
        <tbody>
          ${this.candidates.map((candidate) => this.#row(candidate))}
        </tbody>
      </table>
      <p class="note">
        Softmax over all 50,257 tokens; these ten hold ${formatProbability(together)} of it. The bars are drawn to
        the scale of the first.
      </p>
    `;
  }

  #row({ id, logit, probability }: Candidate) {
    const share = (100 * probability) / this.candidates[0]!.probability;
    return html`<tr class=${id === this.chosen ? "decided" : ""}>
      <th scope="row">${this.tokenizer && tokenChip(this.tokenizer, id)}</th>
      <td class="probability">
        <div>
          <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
            ${svg`<rect width=${share} height="1"></rect>`}
          </svg>
          <span>${formatProbability(probability)}</span>
        </div>
      </td>
      <td class="number">${formatLogit(logit)}</td>
    </tr>`;
  }
}

define("next-token-candidates", CandidateTable);
