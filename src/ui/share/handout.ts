import { html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Candidate, Draw, Sampling } from "../../index.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { chosenProbability, drawnProbability } from "../../lesson/draw.ts";
import { formatLogit, formatProbability } from "../../lesson/format.ts";
import type { ShownDraw } from "../../lesson/iteration.ts";
import { base } from "../design/base.css.ts";
import { chipStyles, tokenChip, visible } from "../design/token-chip.ts";
import { define } from "../element/define.ts";
import { handoutStyles } from "./handout.css.ts";

/** A step as far as paper needs it. */
export interface HandoutStep {
  ids: readonly number[];
  top: readonly (readonly Candidate[])[];
  contextStart: number;
  /** For each row the token that was chosen, which need not be among the likeliest. */
  chosen: readonly Candidate[];
  /** How it was drawn; undefined where the likeliest was taken. */
  sampling?: Pick<Sampling, "temperature"> | undefined;
  draws?: readonly Draw[] | undefined;
}

const drawOf = ({ sampling, draws }: HandoutStep, row: number): ShownDraw | undefined =>
  sampling && draws && { ...draws[row]!, temperature: sampling.temperature };

const print = matchMedia("print");

/**
 * The run on paper: unseen on the screen, and in print all there is of the page. It is drawn when the page goes to the
 * printer: a thousand steps drawn anew with every token would be felt.
 */
export class Handout extends LitElement {
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  /** The ids of each row before the first step, [B, T]. */
  @property({ attribute: false }) accessor start: readonly (readonly number[])[] = [];
  @property({ attribute: false }) accessor steps: readonly HandoutStep[] = [];
  /** Model, mask and switches in one line. */
  @property({ attribute: false }) accessor settings = "";

  #isPrinting = false;

  static override styles = [base, chipStyles, handoutStyles];

  override connectedCallback() {
    super.connectedCallback();
    print.addEventListener("change", this.#drawNow);
    addEventListener("beforeprint", this.#drawNow);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    print.removeEventListener("change", this.#drawNow);
    removeEventListener("beforeprint", this.#drawNow);
  }

  protected override shouldUpdate() {
    return print.matches || this.#isPrinting;
  }

  /** At once: the printer does not wait for the next frame. */
  #drawNow = ({ type }: Event) => {
    this.#isPrinting = type === "beforeprint";
    this.requestUpdate();
    this.performUpdate();
    this.#isPrinting = false;
  };

  protected override render() {
    const { tokenizer } = this;
    if (!tokenizer || this.start.length === 0) return nothing;
    return html`
      <p>${this.settings}</p>
      <p>
        <code translate="no">·</code> is a space. Probability: softmax over the whole vocabulary, or, where tokens were
        drawn, what they were drawn with. Cropped: so many tokens at the
        beginning of the text were no longer read.
      </p>
      ${this.start.map((row, r) => this.#row(tokenizer, row, r))}
    `;
  }

  #row(tokenizer: PageTokenizer, start: readonly number[], row: number) {
    const generated = this.steps.map(({ ids }) => ids[row]!);
    return html`
      <h2>${this.start.length > 1 ? `Row ${row}: ` : ""}${tokenizer.decode([...start, ...generated])}</h2>
      <ol>
        ${start.map((id) => html`<li>${tokenChip(tokenizer, id)}</li>`)}
        ${generated.map((id) => html`<li class="appended">${tokenChip(tokenizer, id)}</li>`)}
      </ol>
      ${
        this.steps.length > 0
          ? html`<div class="tables">${this.#steps(tokenizer, row)} ${this.#likeliest(tokenizer, row)}</div>`
          : nothing
      }
    `;
  }

  #steps(tokenizer: PageTokenizer, row: number) {
    return html`<div>
      <h3>Every iteration</h3>
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">Iteration</th>
            <th scope="col">Chosen token</th>
            <th scope="col" class="number">Id</th>
            <th scope="col" class="number">Probability</th>
            <th scope="col" class="number">Logit</th>
            <th scope="col" class="number">Cropped</th>
          </tr>
        </thead>
        <tbody>
          ${this.steps.map((each, step) => {
            const { chosen, contextStart } = each;
            const { id, logit } = chosen[row]!;
            const probability = chosenProbability({ chosen: chosen[row]!, draw: drawOf(each, row) });
            return html`<tr>
              <td translate="no" class="number">${step + 1}</td>
              <td translate="no" class="token">${visible(tokenizer, id)}</td>
              <td translate="no" class="number">${id}</td>
              <td translate="no" class="number">${formatProbability(probability)}</td>
              <td translate="no" class="number">${formatLogit(logit)}</td>
              <td translate="no" class="number">${contextStart}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  #likeliest(tokenizer: PageTokenizer, row: number) {
    const step = this.steps.length - 1;
    return html`<div class="likeliest">
      <h3>The likeliest tokens of iteration ${step + 1}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Token</th>
            <th scope="col" class="number">Id</th>
            <th scope="col" class="number">Probability</th>
            <th scope="col" class="number">Logit</th>
          </tr>
        </thead>
        <tbody>
          ${this.steps[step]!.top[row]!.map(({ id, probability, logit }) => {
            const draw = drawOf(this.steps[step]!, row);
            return html`<tr>
              <td translate="no" class="token">${visible(tokenizer, id)}</td>
              <td translate="no" class="number">${id}</td>
              <td translate="no" class="number">
                ${formatProbability(draw ? drawnProbability(logit, draw) : probability)}
              </td>
              <td translate="no" class="number">${formatLogit(logit)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }
}

define("next-token-handout", Handout);
