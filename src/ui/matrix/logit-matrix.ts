import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { chosenProbability, drawnProbability } from "../../lesson/draw.ts";
import { formatCount, formatLogit, formatProbability } from "../../lesson/format.ts";
import type { Iteration, IterationResult } from "../../lesson/iteration.ts";
import { GAP, type LogitMatrix, type MatrixOfRow } from "../../lesson/logit-matrix.ts";
import type { Station } from "../../lesson/playhead.ts";
import { code, type Sentence, say } from "../../lesson/steps/sentence.ts";
import { base } from "../design/base.css.ts";
import { liveSentence } from "../design/live-sentence.ts";
import { chipStyles, tokenChip, visible } from "../design/token-chip.ts";
import { define } from "../element/define.ts";

const SOFTMAX: Station = 3;
const SELECTION: Station = 4;

/**
 * The logits of an iteration as PyTorch prints a tensor: a row for each position, a column for each token of the
 * vocabulary, of both the first and the last. From the softmax on, what is not used fades, and the probabilities of the
 * last row stand below; the selected one lights up.
 */
export class LogitMatrixTable extends LitElement {
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  @property({ attribute: false }) accessor matrix: LogitMatrix | undefined;
  /** The iteration at the playhead, for each row of the batch. */
  @property({ attribute: false }) accessor iterations: readonly Iteration[] = [];

  static override styles = [
    base,
    chipStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-3);
        min-block-size: calc(6 * var(--nt-em));
      }

      .scroll {
        overflow-x: auto;
      }

      table {
        border-collapse: collapse;
        font-size: var(--nt-text-s);
        font-variant-numeric: tabular-nums;
      }

      caption {
        padding-block-end: var(--nt-space-1);
        font-family: var(--nt-mono);
        text-align: start;
      }

      th,
      td {
        padding: calc(0.125 * var(--nt-em)) var(--nt-space-2);
        font-weight: 400;
        text-align: end;
        white-space: nowrap;
      }

      thead th {
        color: var(--nt-soft);
        border-block-end: 1px solid var(--nt-line);
        font-size: var(--nt-text-xs);
      }

      tbody th {
        text-align: start;
      }

      .chip {
        flex-direction: row;
        gap: var(--nt-space-2);
        align-items: baseline;
        padding-block: 0;
      }

      .chip-text {
        font-size: var(--nt-text-s);
        white-space: pre;
      }

      .position {
        display: inline-block;
        min-inline-size: 2em;
        color: var(--nt-soft);
      }

      .unused :is(td, .chip-text, .chip-id),
      .gap {
        color: var(--nt-soft);
      }

      /* A visitor's own few colours have none that fades. */
      @media (forced-colors: active) {
        .unused td {
          text-decoration: line-through;
        }
      }

      .used {
        background: var(--nt-wash);
      }

      .used td {
        font-weight: 600;
      }

      td.decided {
        color: var(--nt-on-accent);
        background: var(--nt-accent);
        forced-color-adjust: none;
      }
    `,
  ];

  override render() {
    const { matrix, tokenizer } = this;
    const [iteration] = this.iterations;
    const isThere = matrix !== undefined && matrix.step === iteration?.step && iteration.result !== undefined;
    if (!isThere || !tokenizer) return html`<p class="note">${this.#promise(iteration)}</p>`;
    return html`
      ${this.iterations.map((each, row) => this.#table(matrix, matrix.rows[row]!, each, row, tokenizer))}
      <p class="note">${liveSentence(sentence(iteration, matrix, tokenizer))}</p>
    `;
  }

  #promise(iteration: Iteration | undefined): string {
    if (!iteration?.result)
      return "Step 2, Model output, fills this table: one row of logits for each token that the model reads.";
    return "The logits are shown as soon as the run rests.";
  }

  #table(matrix: LogitMatrix, row: MatrixOfRow, iteration: Iteration, r: number, tokenizer: PageTokenizer) {
    const [B, T, vocab_size] = matrix.shape;
    const isUsed = iteration.station >= SOFTMAX;
    const name = `logits [${B}, ${T}, ${vocab_size}]${B > 1 ? `, row ${r}` : ""}`;
    return html`<div class="scroll" role="region" tabindex="0" aria-label=${name}>
      <table>
        <caption translate="no">${name}</caption>
        <thead>
          <tr>
            <th scope="col">position, token</th>
            ${row.columns.map((id) => (id === GAP ? gap("th") : html`<th scope="col" translate="no">${id}</th>`))}
          </tr>
        </thead>
        <tbody>
          ${matrix.positions.map((position) => this.#row(position, row, iteration, tokenizer))}
          ${isUsed ? this.#probabilities(row, iteration, iteration.result!) : nothing}
        </tbody>
      </table>
    </div>`;
  }

  #row(position: number, row: MatrixOfRow, { ids, dropped, station }: Iteration, tokenizer: PageTokenizer) {
    if (position === GAP) return html`<tr><th scope="row" class="gap">…</th></tr>`;
    const isLast = position === ids.length - dropped - 1;
    const isFaded = station >= SOFTMAX && !isLast;
    return html`<tr class=${isFaded ? "unused" : ""}>
      <th scope="row">
        <span class="position" translate="no">${position}</span> ${tokenChip(tokenizer, ids[dropped + position]!)}
        ${isFaded ? html`<span class="visually-hidden">not used</span>` : nothing}
      </th>
      ${row.columns.map((id) =>
        id === GAP ? gap("td") : html`<td translate="no">${formatLogit(row.logitAt(position, id))}</td>`,
      )}
    </tr>`;
  }

  /** Of the last row: what softmax made of it. */
  #probabilities(row: MatrixOfRow, { station, ids, dropped }: Iteration, result: IterationResult) {
    const last = ids.length - dropped - 1;
    return html`<tr class="used">
      <th scope="row"><code translate="no">probabs</code></th>
      ${row.columns.map((id) => {
        if (id === GAP) return gap("td");
        const isChosen = id === result.chosen.id;
        const probability = isChosen
          ? chosenProbability(result)
          : probabilityAt(row.logitAt(last, id), result);
        return html`<td translate="no" class=${isChosen && station >= SELECTION ? "decided" : ""}>
          ${formatProbability(probability)}
        </td>`;
      })}
    </tr>`;
  }
}

const gap = (cell: "th" | "td"): TemplateResult =>
  cell === "th" ? html`<th scope="col" class="gap">…</th>` : html`<td class="gap">…</td>`;

function probabilityAt(logit: number, { draw, logits }: IterationResult): number {
  return draw ? drawnProbability(logit, draw) : Math.exp(logit - logits.logSumExp);
}

/** What the table shows at this step, of the first row of a batch. */
function sentence(
  { station, ids, result, dropped }: Iteration,
  matrix: LogitMatrix,
  tokenizer: PageTokenizer,
): Sentence {
  const [, T, vocab_size] = matrix.shape;
  const last = code(visible(tokenizer, ids.at(-1)!));
  const { chosen, draw } = result!;
  if (station < SOFTMAX)
    return T === 1
      ? say`The one row scores what may follow ${last}, a logit for each of ${formatCount(vocab_size)} tokens.`
      : say`The row of position ${"0"} scores what may follow ${code(visible(tokenizer, ids[dropped]!))}, the last one what may follow ${last}: ${formatCount(vocab_size)} logits each.`;
  if (station < SELECTION)
    return say`${code("logits[:, -1, :]")} takes the last row alone, and softmax makes ${formatCount(vocab_size)} probabilities of it that add up to ${"1"}.`;
  const chosenText = code(visible(tokenizer, chosen.id));
  const probability = formatProbability(chosenProbability(result!));
  return draw
    ? say`Column ${String(chosen.id)} was drawn: ${chosenText}, with a probability of ${probability}.`
    : say`Column ${String(chosen.id)} has the largest probability of all, ${probability}: ${chosenText} is the next token.`;
}

define("next-token-logit-matrix", LogitMatrixTable);
