import { html, LitElement, nothing, type PropertyValues } from "lit";
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
import { chipStyles, readerOf } from "../design/token-chip.ts";
import { define } from "../element/define.ts";
import { stationFigure } from "./station-figure.ts";
import { stationStyles } from "./stations.css.ts";

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

  /** Whether the last step has a button that leads to the next iteration. */
  @property({ attribute: false }) accessor canGoOn = true;

  static override styles = [base, headStyles, chipStyles, stationStyles];

  override render() {
    return html`
      <div class="head">
        <h2 class="caption">The seven steps</h2>
        ${this.iteration ? this.#which(this.iteration) : this.#invitation()}
      </div>
      <ol class=${this.sampling || (this.iteration?.batch ?? 1) > 1 ? "long" : nothing}>
        ${stations.map((station) => this.#station(station))}
      </ol>
    `;
  }

  #invitation() {
    return this.canGoOn ? html`<p class="note">Press Step for the first, or Play.</p>` : nothing;
  }

  /** Which iteration is shown, what it computed, and a field that leads to another one. */
  #which({ step, target, result }: Iteration) {
    return html`<p class="note which">
      <label>
        <span id="iteration">Iteration</span>
        <input
          aria-labelledby="iteration"
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
    return html`${stationFigure(station, iteration, tokenizer)}${liveSentence(whatHappened(station, iteration, readerOf(tokenizer)))}${
      this.canGoOn && station === 7 && iteration.step + 1 < iteration.target ? this.#next() : nothing
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
