import { css, html, LitElement, nothing, svg } from "lit";
import { property, state } from "lit/decorators.js";
import { GPT_CONFIG_124M } from "../../config.ts";
import type { Candidate } from "../../index.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { drawnProbability, isCut } from "../../lesson/draw.ts";
import { formatCount, formatLogit, formatProbability } from "../../lesson/format.ts";
import type { ShownDraw } from "../../lesson/iteration.ts";
import { base } from "../design/base.css.ts";
import { chipStyles, tokenChip } from "../design/token-chip.ts";
import { define } from "../element/define.ts";

/** What the bars are drawn to; the order is the same, because the softmax keeps it. */
type Scale = "probabilities" | "logits";

/** What the model thought likeliest at one step: a chart for the eye that is a table for everyone. */
export class CandidateTable extends LitElement {
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  /** The tokens that the model's texts were made of; undefined where nothing is known of them. */
  @property({ attribute: false }) accessor seen: ReadonlySet<number> | undefined;
  /** Likeliest first. */
  @property({ attribute: false }) accessor candidates: Candidate[] = [];
  /** Whether they are those of no iteration, but of the one that Play would begin with. */
  @property({ attribute: false }) accessor isPreview = false;
  /** The id that was chosen; undefined until it is. */
  @property({ attribute: false }) accessor chosen: number | undefined;
  /** The smallest logit of the vocabulary, from which bars of logits are drawn. */
  @property({ attribute: false }) accessor smallest = 0;
  /** Of the softmax over the whole vocabulary, in bits. */
  @property({ attribute: false }) accessor entropy = 0;
  @property({ attribute: false }) accessor vocab_size: number = GPT_CONFIG_124M.vocab_size;
  /** How the chosen one is drawn; undefined where the likeliest is taken. */
  @property({ attribute: false }) accessor draw: ShownDraw | undefined;
  /** The chosen candidate where it is drawn, which need not be among the likeliest. */
  @property({ attribute: false }) accessor drawn: Candidate | undefined;
  @state() accessor scale: Scale = "probabilities";

  /** The chip of the chosen token, from which it moves into the text. */
  get chosenChip(): Element | null {
    return this.renderRoot.querySelector(".decided .chip");
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

      thead th {
        padding-block-end: var(--nt-space-1);
        color: var(--nt-soft);
        border-block-end: 1px solid var(--nt-line);
        font-size: var(--nt-text-xs);
        font-weight: 400;
        text-align: start;
      }

      tbody th {
        padding-block: calc(0.125 * var(--nt-em));
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
        min-inline-size: calc(5.25 * var(--nt-em)); /* of the boldest too: all bars have the same room */
        text-align: end;
        white-space: nowrap;
      }

      svg {
        flex: 1;
        inline-size: 0;
        block-size: calc(0.875 * var(--nt-em));
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

      tr.cut :is(td, .chip-text, .chip-id) {
        color: var(--nt-soft);
      }

      tr.cut .chip {
        background: none;
        border: 1px dashed var(--nt-edge);
      }

      td.gap {
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
        text-align: start;
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-4);
        align-items: baseline;
        justify-content: space-between;
        margin-block-end: var(--nt-space-1);
      }

      fieldset {
        display: flex;
        gap: var(--nt-space-3);
        margin: 0;
        padding: 0;
        border: 0;
      }

      label {
        display: inline-flex;
        gap: var(--nt-space-1);
        align-items: center;
        min-block-size: var(--nt-target);
        font-size: var(--nt-text-s);
      }

      input {
        margin: 0;
        accent-color: var(--nt-ink);
      }

      .chip {
        flex-direction: row;
        gap: var(--nt-space-2);
        align-items: baseline;
        padding-block: 0;
      }

      .chip-text {
        max-inline-size: calc(11 * var(--nt-em));
        font-size: var(--nt-text-s);
        overflow-wrap: break-word; /* unlike "anywhere" it keeps the column as wide as a word */
      }

      table + .note {
        margin-block-start: var(--nt-space-2);
      }

      @container (max-width: 30em) {
        .drawn .logit {
          display: none;
        }

        .drawn thead .number {
          white-space: normal;
        }

        .drawn .chip-text {
          max-inline-size: min(7 * var(--nt-em), 28cqi);
        }

        .chip {
          flex-direction: column;
          gap: 0;
          align-items: start;
        }

        .chip-text {
          max-inline-size: min(7 * var(--nt-em), 34cqi);
        }

        th.number,
        td.number {
          padding-inline-start: var(--nt-space-2);
        }

        .probability div {
          flex-direction: column-reverse;
          align-items: stretch;
        }

        .probability span {
          min-inline-size: 0;
        }

        svg {
          flex: none;
          inline-size: 100%;
          block-size: calc(0.375 * var(--nt-em));
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
        Each iteration computes a logit for every token of the vocabulary, turns the logits into probabilities, and
        appends the likeliest token.
      </p>
    `;
  }

  #table() {
    const { draw, drawn } = this;
    const isBelow = drawn !== undefined && this.candidates.every(({ id }) => id !== drawn.id);
    return html`
      <div class="head">
        <h2 class="caption" id="caption">${this.isPreview ? "What would come next" : "The ten likeliest next tokens"}</h2>
        <fieldset>
          <legend class="visually-hidden">Bars show</legend>
          ${this.#choice("probabilities")} ${this.#choice("logits")}
        </fieldset>
      </div>
      <table aria-labelledby="caption" class=${draw ? "drawn" : nothing}>
        <thead>
          <tr>
            <th scope="col">Token and id</th>
            <th scope="col" class="number">${draw ? "Drawn with" : "Probability"}</th>
            ${draw ? html`<th scope="col" class="number">Softmax alone</th>` : nothing}
            <th scope="col" class="number logit">${draw ? `Logit / ${draw.temperature}` : "Logit"}</th>
          </tr>
        </thead>
        <tbody>
          ${this.candidates.map((candidate) => this.#row(candidate))}
          ${
            draw && isBelow
              ? html`<tr>
                    <td colspan="4" class="gap">
                      … and the drawn token, of rank <span translate="no">${formatCount(draw.rank + 1)}</span>:
                    </td>
                  </tr>
                  ${this.#row(drawn)}`
              : nothing
          }
        </tbody>
      </table>
      <p class="note">${this.#note()}</p>
    `;
  }

  #note() {
    if (this.scale === "logits")
      return `Bars of logits begin at the smallest of all, ${formatLogit(this.smallest)}. The order is that of the probabilities: the softmax does not change it.`;
    const { draw, entropy } = this;
    const most = Math.log2(this.vocab_size);
    const together = this.candidates.reduce((sum, candidate) => sum + this.#probabilityOf(candidate), 0);
    const share = `these ten hold ${formatProbability(together)} of it. The bars are drawn to the scale of the first`;
    if (!draw)
      return `Softmax over the whole vocabulary; ${share}. Entropy: ${entropy.toFixed(2)} of at most ${most.toFixed(2)} bits.${this.#legend()}`;
    const cut = isCut(draw, this.vocab_size)
      ? `Softmax over the ${formatCount(draw.kept)} largest logits`
      : "Softmax over all logits";
    const drawn = this.chosen === undefined ? "" : ` The number drawn: ${draw.uniform.toFixed(6)}.`;
    return `${cut}, divided by the temperature ${draw.temperature}; ${share}.${drawn} Entropy: ${draw.entropy.toFixed(2)} bits, ${entropy.toFixed(2)} by softmax alone.${this.#legend()}`;
  }

  #legend(): string {
    if (this.chosen !== undefined) return " The filled row was chosen.";
    return this.isPreview ? " Nothing is appended yet." : "";
  }

  /** The probability that decides. */
  #probabilityOf({ logit, probability }: Candidate): number {
    return this.draw ? drawnProbability(logit, this.draw) : probability;
  }

  #choice(scale: Scale) {
    return html`<label>
      <input type="radio" name="scale" .checked=${this.scale === scale} @change=${() => this.#draw(scale)} />
      ${scale}
    </label>`;
  }

  #draw(scale: Scale) {
    this.scale = scale;
  }

  #length(candidate: Candidate): number {
    const { logit } = candidate;
    const first = this.candidates[0]!;
    return this.scale === "probabilities"
      ? this.#probabilityOf(candidate) / this.#probabilityOf(first)
      : (logit - this.smallest) / (first.logit - this.smallest || 1);
  }

  #row(candidate: Candidate) {
    const { id, logit, probability } = candidate;
    const decides = this.#probabilityOf(candidate);
    const isCutOff = this.draw !== undefined && logit < this.draw.min_val;
    const state = id === this.chosen ? "decided" : isCutOff ? "cut" : "";
    return html`<tr class=${state}>
      <th scope="row">${this.tokenizer && tokenChip(this.tokenizer, id, this.seen)}</th>
      <td translate="no" class="probability">
        <div>
          <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
            ${svg`<rect width=${100 * this.#length(candidate)} height="1"></rect>`}
          </svg>
          <span translate="no">${isCutOff ? "left out" : formatProbability(decides)}</span>
        </div>
      </td>
      ${this.draw ? html`<td translate="no" class="number">${formatProbability(probability)}</td>` : nothing}
      <td translate="no" class="number logit">${formatLogit(logit / (this.draw?.temperature ?? 1))}</td>
    </tr>`;
  }
}

define("next-token-candidates", CandidateTable);
