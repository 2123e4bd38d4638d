import { css, html, LitElement, nothing } from "lit";
import { property, query } from "lit/decorators.js";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { outcomeSentence, scoreSentence } from "../../lesson/predict/outcome-sentence.ts";
import type { Outcome } from "../../lesson/predict/predictions.ts";
import type { Choice, Score } from "../../lesson/predict/question.ts";
import { base } from "../design/base.css.ts";
import { headStyles } from "../design/head.css.ts";
import { liveSentence } from "../design/live-sentence.ts";
import { chipStyles, tokenChip, visible } from "../design/token-chip.ts";
import { define } from "../element/define.ts";
import { keepFocus } from "../element/keep-focus.ts";

/**
 * "What comes next?": the likeliest tokens to choose from, or a field to type another. Fires `guess-choose` with the
 * token that was chosen, `guess-type` with what was typed, `guess-skip`, and `guess-next` for the next question.
 */
export class PredictionPanel extends LitElement {
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  /** What can be chosen while the question is open; undefined while none is. */
  @property({ attribute: false }) accessor choices: readonly Choice[] | undefined;
  /** Whether the token is drawn: any may come, the likeliest only oftener. */
  @property({ attribute: false }) accessor isDrawn = false;
  /** What came of the last guess. */
  @property({ attribute: false }) accessor last: Outcome | undefined;
  @property({ attribute: false }) accessor score: Score = { right: 0, asked: 0 };
  /** Whether another question can be asked now. */
  @property({ attribute: false }) accessor canAsk = true;
  @query("input") private accessor field!: HTMLInputElement | null;

  static override styles = [
    base,
    headStyles,
    chipStyles,
    css`
      :host {
        min-block-size: calc(12.5 * var(--nt-em)); /* a question with two lines of choices: nothing jumps when it comes */
      }

      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-1);
        margin-block: var(--nt-space-2);
      }

      .choices button {
        padding: 0;
        border-radius: var(--nt-radius);
      }

      .choices .chip {
        border-color: var(--nt-clear);
      }

      .line {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-1) var(--nt-space-2);
        align-items: center;
        font-size: var(--nt-text-s);
      }

      .line input {
        inline-size: calc(9 * var(--nt-em));
        max-inline-size: 100%;
        min-block-size: calc(2.25 * var(--nt-em));
        padding-inline: var(--nt-space-2);
        font-family: var(--nt-mono);
      }

      .outcome {
        margin-block: var(--nt-space-1);
        font-size: var(--nt-text-s);
        line-height: 1.45;
        overflow-wrap: anywhere;
      }

      .outcome .mark {
        font-weight: 600;
      }
    `,
  ];

  /** Where the choice that was pressed is gone, the focus goes on to what follows it. */
  protected override update(changed: Map<PropertyKey, unknown>) {
    keepFocus(
      this,
      () => super.update(changed),
      () => this.renderRoot.querySelector<HTMLElement>(".choices button, .next"),
    );
  }

  protected override render() {
    const { last, score } = this;
    return html`<div role="group" aria-labelledby="caption">
      <div class="head">
        <h2 class="caption" id="caption">What comes next?</h2>
        <p class="note">${score.asked > 0 ? liveSentence(scoreSentence(score)) : nothing}</p>
      </div>
      <p class="outcome" aria-live="polite">
        ${last && this.tokenizer ? liveSentence(outcomeSentence(last, (id) => visible(this.tokenizer!, id))) : nothing}
      </p>
      ${this.choices ? this.#question(this.choices) : this.#invitation()}
    </div>`;
  }

  #invitation() {
    return html`<p class="note">Before each token is shown you are asked which one it will be.</p>
      <p class="line">
        <button class="next" aria-disabled=${!this.canAsk} @click=${() => this.canAsk && this.#tell("guess-next")}>
          ${this.last ? "Next question" : "Ask me"}
        </button>
      </p>`;
  }

  #question(choices: readonly Choice[]) {
    return html`<p class="note" id="how">
        The model has computed the next token.
        ${this.isDrawn ? "It was drawn, and may be none of these." : "It is one of these, in the order of the alphabet."}
      </p>
      <ul class="choices" aria-describedby="how">
        ${choices.map(
          (choice) =>
            html`<li><button translate="no" @click=${() => this.#tell("guess-choose", choice)}>${tokenChip(this.tokenizer!, choice.id)}</button></li>`,
        )}
      </ul>
      <p class="line">
        <label><span id="type">Or type it</span>
          <input aria-labelledby="type" type="text" maxlength="200" autocomplete="off" autocapitalize="off" spellcheck="false" @keydown=${this.#pressed} /></label>
        <button @click=${this.#typed}>Guess</button>
        <button @click=${() => this.#tell("guess-skip")}>Show it</button>
      </p>`;
  }

  #pressed(event: KeyboardEvent) {
    if (event.key === "Enter" && !event.isComposing) this.#typed();
  }

  #typed() {
    const { field } = this;
    if (!field || field.value === "") field?.focus();
    else this.#tell("guess-type", field.value);
  }

  #tell(name: string, detail?: Choice | string) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("next-token-prediction", PredictionPanel);
