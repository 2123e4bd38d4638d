import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { GPT_CONFIG_124M } from "../../config.ts";
import type { Sampling } from "../../index.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { formatCount, formatDuration } from "../../lesson/format.ts";
import type { Iteration, IterationResult } from "../../lesson/iteration.ts";
import type { Station } from "../../lesson/playhead.ts";
import { stepAt } from "../../lesson/steps/steps.ts";
import { whatHappened } from "../../lesson/steps/what-happened.ts";
import { base } from "../design/base.css.ts";
import { headStyles } from "../design/head.css.ts";
import { liveSentence } from "../design/live-sentence.ts";
import { chipStyles, visible } from "../design/token-chip.ts";
import { define } from "../element/define.ts";
import { stationFigure } from "./station-figure.ts";

const stations: readonly Station[] = [1, 2, 3, 4, 5, 6, 7];

/**
 * The seven steps of one iteration of the loop, in the notebook's order: of each its line, the live shape, and what
 * happened there. Fires `station-show` with the number of a step that is pressed, `iteration-show` with the number of an
 * iteration, from 0 on, and `iteration-next`.
 */
export class Stations extends LitElement {
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  @property({ attribute: false }) accessor iteration: Iteration | undefined;
  @property({ attribute: false }) accessor vocab_size: number = GPT_CONFIG_124M.vocab_size;
  /** How this iteration's token is drawn; undefined where the likeliest is taken. */
  @property({ attribute: false }) accessor sampling: Sampling | undefined;
  /** How many iterations were computed, so that they can be shown. */
  @property({ attribute: false }) accessor recorded = 0;
  /** Whether the step at work is kept in view, as it is on a page where not all seven are. */
  @property({ attribute: false }) accessor keepsInView = false;

  static override styles = [
    base,
    headStyles,
    chipStyles,
    css`
      li {
        display: grid;
        grid-template:
          "button code shape" auto
          "value value value" auto
          / calc(14 * var(--nt-em)) minmax(0, 1fr) auto;
        gap: 0 var(--nt-space-2);
        align-items: start;
        padding-block: calc(0.0625 * var(--nt-em)) calc(0.125 * var(--nt-em));
        padding-inline: var(--nt-space-2);
        border-block-start: 1px solid var(--nt-line);
        border-inline-start: calc(0.25 * var(--nt-em)) solid var(--nt-clear);
        font-size: var(--nt-text-s);
        scroll-margin-block-start: var(--nt-covered);
      }

      li.now {
        background: var(--nt-wash);
        border-inline-start-color: var(--nt-ink);
      }

      li.now .chip {
        background: var(--nt-paper);
      }

      li.now .decided .chip {
        background: var(--nt-accent);
      }

      .step {
        grid-area: button;
        display: flex;
        gap: var(--nt-space-2);
        align-items: baseline;
        min-block-size: var(--nt-target);
        padding: 0;
        background: none;
        border: 0;
        font-size: var(--nt-text-s);
        font-weight: 600;
        line-height: 1.35;
        text-align: start;
      }

      .step:hover:not([aria-disabled="true"]) .name {
        text-decoration: underline;
      }

      .step[aria-disabled="true"] {
        font-weight: 400;
      }

      .number {
        min-inline-size: 1em;
        color: var(--nt-soft);
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }

      .code {
        grid-area: code;
        overflow: hidden;
        color: var(--nt-soft);
        font-size: max(0.8125 * var(--nt-em), 12px);
        line-height: 1.6;
        text-overflow: ellipsis;
        white-space: pre;
      }

      .shape {
        grid-area: shape;
        font-size: max(0.8125 * var(--nt-em), 12px);
        line-height: 1.6;
        white-space: nowrap;
      }

      .ahead .shape {
        color: var(--nt-soft);
      }

      /* As many lines as what stands there in any state, so that the steps below do not jump. */
      li {
        --lines: 1;
      }

      li:is(:nth-child(2), :nth-child(3)),
      .long li:nth-child(4) {
        --lines: 2;
      }

      .value {
        grid-area: value;
        display: flex;
        gap: 0 var(--nt-space-3);
        align-items: start;
        min-inline-size: 0;
        block-size: calc(var(--lines) * 1.35em + 2px);
        margin-inline-start: calc(1em + var(--nt-space-2)); /* below the step's name */
        overflow: hidden auto;
        overflow-wrap: anywhere;
        font-variant-numeric: tabular-nums;
        line-height: 1.35;
      }

      li:nth-child(7) .value {
        min-block-size: var(--nt-target); /* its button's */
      }

      .sentence {
        flex: 1 1 0;
        min-inline-size: 0;
      }

      .soft,
      .ahead .value {
        color: var(--nt-soft);
      }

      /* One line; what does not fit is cut off in front. */
      .chips {
        display: inline-flex;
        flex: 0 1 auto;
        gap: var(--nt-space-1);
        align-items: center;
        justify-content: flex-end;
        max-inline-size: 56%;
        overflow: hidden;
        white-space: nowrap;
      }

      .chips > * {
        flex: none;
      }

      .chip {
        flex-direction: row;
        gap: calc(0.375 * var(--nt-em));
        align-items: baseline;
        min-inline-size: 0;
        padding: 0 calc(0.3125 * var(--nt-em));
      }

      .chip-text {
        font-size: max(0.8125 * var(--nt-em), 12px);
      }

      .logit-strip {
        flex: 0 1 calc(8 * var(--nt-em));
        min-inline-size: 0;
        block-size: calc(1.5 * var(--nt-em));
        border-block-end: 1px solid var(--nt-edge);
      }

      rect {
        fill: var(--nt-bar);
      }

      .which {
        display: flex;
        flex-wrap: wrap;
        gap: 0 0.35em;
        align-items: baseline;
      }

      .which input {
        inline-size: calc(3.5 * var(--nt-em));
        min-block-size: var(--nt-target);
        padding-inline: var(--nt-space-1);
        font-variant-numeric: tabular-nums;
      }

      .next {
        flex: none;
        min-block-size: var(--nt-target);
        padding-block: 0;
      }

      .head {
        min-block-size: calc(1.5 * var(--nt-em) + 2px);
      }

      @container (max-width: 46em) {
        li {
          --lines: 2;
        }

        li:is(:nth-child(2), :nth-child(3), :nth-child(4)),
        .long li:nth-child(4) {
          --lines: 3;
        }

        .head {
          min-block-size: calc(4.5 * var(--nt-em));
        }

        .head .note {
          flex-basis: 100%;
        }
      }

      @container (max-width: 34em) {
        li {
          --lines: 3;

          grid-template:
            "button shape" auto
            "code code" auto
            "value value" auto
            / minmax(0, 1fr) auto;
        }

        li:is(:nth-child(2), :nth-child(3), :nth-child(7)) {
          --lines: 4;
        }

        .long li:nth-child(4) {
          --lines: 5;
        }

        .value {
          flex-direction: column;
          margin-inline-start: 0;
        }

        .chips {
          max-inline-size: 100%;
        }

        .sentence,
        .logit-strip {
          flex: none;
          max-inline-size: 100%;
        }

        .logit-strip {
          block-size: calc(1.125 * var(--nt-em));
        }

        .head {
          min-block-size: calc(6 * var(--nt-em));
        }
      }

      @container (max-width: 22em) {
        li,
        li:nth-child(4) {
          --lines: 4;
        }

        li:is(:nth-child(2), :nth-child(3), :nth-child(7)) {
          --lines: 5;
        }

        .long li:nth-child(4) {
          --lines: 6;
        }
      }

      @container (max-width: 18em) {
        .step {
          min-block-size: 2.9em;
        }

        li,
        li:is(:nth-child(4), :nth-child(7)) {
          --lines: 5;
        }

        li:is(:nth-child(2), :nth-child(3)),
        .long li:nth-child(4) {
          --lines: 7;
        }

        .head {
          min-block-size: calc(8 * var(--nt-em));
        }
      }
    `,
  ];

  override render() {
    return html`
      <div class="head">
        <h2 class="caption">The seven steps</h2>
        ${this.iteration ? this.#which(this.iteration) : html`<p class="note">Press Step for the first, or Play.</p>`}
      </div>
      <ol class=${this.sampling || (this.iteration?.batch ?? 1) > 1 ? "long" : nothing}>
        ${stations.map((station) => this.#station(station))}
      </ol>
    `;
  }

  /** Which iteration is shown, what it computed, and a field that leads to another one. */
  #which({ step, target, result }: Iteration) {
    return html`<p class="note which">
      <label>
        Iteration
        <input
          type="number"
          min="1"
          max=${Math.max(this.recorded, step + 1)}
          .value=${live(String(step + 1))}
          @change=${this.#asked}
        />
      </label>
      of <span translate="no">${formatCount(target)}</span>
      <span class="soft cost">${result && html`· ${this.#cost(result)}`}</span>
    </p>`;
  }

  #cost({ computed, milliseconds }: IterationResult): string {
    const { ids, dropped } = this.iteration!;
    const kept = ids.length - dropped - computed;
    const time = formatDuration(milliseconds);
    if (kept === 0)
      return `${formatCount(computed)} ${computed === 1 ? "token" : "tokens"} computed in ${time}`;
    return `${formatCount(computed)} token computed in ${time}, ${formatCount(kept)} kept in the KV cache`;
  }

  #asked(event: Event) {
    const input = event.target as HTMLInputElement;
    if (input.checkValidity() && input.value !== "")
      this.dispatchEvent(new CustomEvent("iteration-show", { detail: input.valueAsNumber - 1 }));
    else input.value = String(this.iteration!.step + 1);
  }

  #station(station: Station) {
    const { iteration, tokenizer } = this;
    const { name, code, promise } = stepAt(station, this.sampling);
    const reached = iteration !== undefined && tokenizer !== undefined && iteration.station >= station;
    const state = !reached ? "ahead" : iteration.station === station ? "now" : "done";
    const canShow = iteration?.isRecorded === true; // one that lies ahead in this iteration was perhaps walked before
    return html`<li class=${state} aria-current=${state === "now" ? "step" : nothing}>
      <button
        class="step"
        aria-disabled=${canShow ? "false" : "true"}
        @click=${() => canShow && this.dispatchEvent(new CustomEvent("station-show", { detail: station }))}
      >
        <span translate="no" class="number">${station}</span><span class="name">${name}</span>
      </button>
      <code translate="no" class="code" title=${code}>${code}</code>
      <code translate="no" class="shape">${this.#shape(station)}</code>
      <div class="value">${reached ? this.#value(station, iteration, tokenizer) : promise}</div>
    </li>`;
  }

  #value(station: Station, iteration: Iteration, tokenizer: PageTokenizer) {
    const reader = { tokenizer, visible: (id: number) => visible(tokenizer, id) };
    return html`${stationFigure(station, iteration, tokenizer)}${liveSentence(whatHappened(station, iteration, reader))}${
      station === 7 && iteration.step + 1 < iteration.target ? this.#next() : nothing
    }`;
  }

  #next() {
    return html`<button class="next" @click=${() => this.dispatchEvent(new CustomEvent("iteration-next"))}>
      <span aria-hidden="true">↑</span> Next iteration
    </button>`;
  }

  /** On a narrow page, where the buttons stay in sight, the step at work does so as well. */
  protected override updated(changed: PropertyValues<this>) {
    const before = changed.get("iteration");
    const { iteration } = this;
    if (!before || !iteration || !this.keepsInView) return;
    if (before.step === iteration.step && before.station === iteration.station) return;
    const now = this.renderRoot.querySelector("li.now");
    if (now && getComputedStyle(now).scrollMarginBlockStart !== "0px")
      now.scrollIntoView({ block: "nearest" });
  }

  #shape(station: Station): string {
    const { iteration, vocab_size } = this;
    const B = iteration?.batch ?? "B";
    const T = iteration ? iteration.ids.length - iteration.dropped : "T";
    const grown = iteration ? iteration.ids.length + 1 : "T + 1";
    const shapes = {
      1: `[${B}, ${T}]`,
      2: `[${B}, ${T}, ${vocab_size}]`,
      3: `[${B}, ${vocab_size}]`,
      4: `[${B}, 1]`,
      5: "text",
      6: `[${B}, ${grown}]`,
      7: "",
    };
    return shapes[station];
  }
}

define("next-token-stations", Stations);
