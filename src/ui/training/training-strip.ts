import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { HeadOfLayer } from "../../config.ts";
import { isAway, toggledHead } from "../../lesson/ablate.ts";
import { formatCount } from "../../lesson/format.ts";
import { carrierOf } from "../../lesson/small-model/carriers.ts";
import { type Example, exampleGroups, examples } from "../../lesson/small-model/examples.ts";
import { snapshotAt } from "../../lesson/small-model/record.ts";
import { FINISHED, snapshotSteps } from "../../lesson/small-model/snapshots.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import "./loss-curve.ts";

/** Marks that stand beside the slider where there is no room for all. */
const wideApart = new Set([0, 500, 3000, FINISHED]);

/**
 * How long the small model was trained, on a slider below its loss, and prompts to try. Fires `step-choose` with the number of
 * steps once the slider rests, `example-choose` with a prompt, `head-show` with the layer and number of a head to look at, and
 * `ablate-change` with all heads that are to be away.
 */
export class TrainingStrip extends LitElement {
  /** The steps that the model was trained for. */
  @property({ attribute: false }) accessor step: number = FINISHED;
  /** The prompt as it is. */
  @property({ attribute: false }) accessor prompt = "";
  /** The heads that are away. */
  @property({ attribute: false }) accessor ablate: readonly HeadOfLayer[] = [];
  /** Whether the page around the element has fixed model, prompt and heads. */
  @property({ attribute: false }) accessor locked = false;
  /** What was appended to it after these steps; undefined while that was not computed. */
  @property({ attribute: false }) accessor textAt: (step: number) => string | undefined = () => undefined;
  /** Where the slider is while it moves. */
  @state() protected accessor moved: number | undefined;

  static override styles = [
    base,
    css`
      :host {
        padding-block: var(--nt-space-2);
        border-block: 1px solid var(--nt-line);
        container-type: inline-size;
      }

      .strip {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-2) var(--nt-space-6);
      }

      .steps,
      .example {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: var(--nt-space-1);
        min-inline-size: 0;
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-3);
        align-items: baseline;
        font-size: var(--nt-text-s);
        font-variant-numeric: tabular-nums;
      }

      .steps {
        container-type: inline-size;
      }

      /* Beside the slider, at its end, stand the marks of the loss. */
      .plot {
        --thumb: calc(1.25 * var(--nt-em));
        --gutter: calc(2 * var(--nt-em));
      }

      next-token-loss-curve {
        padding-inline-start: calc(var(--thumb) / 2);
        --marks: calc(var(--gutter) + var(--thumb) / 2);
      }

      [type="range"] {
        display: block;
        inline-size: calc(100% - var(--gutter));
        min-block-size: var(--nt-target);
        margin: 0;
        appearance: none;
        background: none;
        border: 0;
        cursor: pointer;
      }

      [type="range"]::-webkit-slider-runnable-track {
        block-size: calc(0.25 * var(--nt-em));
        background: var(--nt-edge);
        border-radius: var(--nt-radius);
      }

      [type="range"]::-moz-range-track {
        block-size: calc(0.25 * var(--nt-em));
        background: var(--nt-edge);
        border-radius: var(--nt-radius);
      }

      [type="range"]::-webkit-slider-thumb {
        appearance: none;
        inline-size: var(--thumb);
        block-size: var(--thumb);
        margin-block-start: calc(-0.5 * var(--nt-em));
        background: var(--nt-ink);
        border: 2px solid var(--nt-paper);
        border-radius: 50%;
        forced-color-adjust: none;
      }

      [type="range"]::-moz-range-thumb {
        box-sizing: border-box;
        inline-size: var(--thumb);
        block-size: var(--thumb);
        background: var(--nt-ink);
        border: 2px solid var(--nt-paper);
        border-radius: 50%;
        forced-color-adjust: none;
      }

      .marks {
        display: flex;
        justify-content: space-between;
        padding-inline: calc(var(--thumb) / 2) calc(var(--gutter) + var(--thumb) / 2);
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
        font-variant-numeric: tabular-nums;
        line-height: 1.2;
      }

      .marks span {
        display: flex;
        justify-content: center;
        inline-size: 0;
        white-space: nowrap;
      }

      .here {
        color: var(--nt-ink);
        font-weight: 600;
      }

      .text {
        overflow: hidden;
        color: var(--nt-soft);
        font-family: var(--nt-mono);
        font-size: var(--nt-text-s);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      select {
        min-inline-size: 0;
        max-inline-size: 100%;
        min-block-size: calc(2.25 * var(--nt-em));
        padding-inline: var(--nt-space-2);
      }

      .small {
        min-block-size: var(--nt-target);
        padding-block: 0;
        font-size: var(--nt-text-s);
      }

      [aria-pressed="true"],
      [aria-pressed="true"]:hover {
        color: var(--nt-paper);
        background: var(--nt-ink);
        forced-color-adjust: none;
      }

      .line {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-1) var(--nt-space-3);
        align-items: center;
        font-size: var(--nt-text-s);
      }

      @container (max-width: 36em) {
        .marks span:not(.apart) {
          visibility: hidden;
        }
      }

      @container (min-width: 52em) {
        .strip {
          grid-template-columns: minmax(0, 7fr) minmax(0, 5fr);
        }
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has("step")) this.moved = undefined;
  }

  override render() {
    return html`<div class="strip">
      <div class="steps">${this.#steps()}</div>
      <div class="example">${this.#example()}</div>
    </div>`;
  }

  get #shown(): number {
    return this.moved ?? this.step;
  }

  #steps() {
    const step = this.#shown;
    const text = this.textAt(step);
    return html`
      <div class="head">
        <label class="caption" for="steps">Steps of training</label>
        <span><b translate="no">${formatCount(step)}</b> of <span translate="no">${formatCount(FINISHED)}</span></span>
        <span>loss <b translate="no">${lossAt(step)}</b> on held-out texts</span>
      </div>
      <div class="plot">
        <next-token-loss-curve .step=${step}></next-token-loss-curve>
        <input
          id="steps"
          type="range"
          ?disabled=${this.locked}
          min="0"
          max=${snapshotSteps.length - 1}
          step="1"
          .value=${String(snapshotSteps.indexOf(step))}
          aria-valuetext=${`${formatCount(step)} steps, loss ${lossAt(step)}`}
          @input=${(event: Event) => this.#move(event)}
          @change=${(event: Event) => this.#rest(event)}
        />
        <div class="marks" aria-hidden="true" translate="no">
          ${snapshotSteps.map(
            (snapshot) =>
              html`<span class=${`${snapshot === step ? "here" : ""} ${wideApart.has(snapshot) ? "apart" : ""}`}>${formatCount(snapshot)}</span>`,
          )}
        </div>
      </div>
      ${text === undefined ? nothing : html`<p class="text" translate="no"><bdi>${text}</bdi></p>`}
    `;
  }

  #stepIn(event: Event): number {
    return snapshotSteps[(event.target as HTMLInputElement).valueAsNumber]!;
  }

  #move(event: Event) {
    this.moved = this.#stepIn(event);
  }

  #rest(event: Event) {
    const step = this.#stepIn(event);
    if (step === this.step) this.moved = undefined;
    else this.dispatchEvent(new CustomEvent("step-choose", { detail: step }));
  }

  #example() {
    const example = examples.find(({ prompt }) => prompt === this.prompt);
    return html`
      <div class="line">
        <label class="caption" for="examples">Try</label>
        <select id="examples" ?disabled=${this.locked} aria-describedby="look" @change=${this.#chosen}>
          <option value="" ?hidden=${example !== undefined} .selected=${!example}>a prompt of your own</option>
          ${exampleGroups.map(
            (group) =>
              html`<optgroup label=${group.name}>
                ${group.examples.map((each) => html`<option value=${each.kind} .selected=${each === example}>${each.name}</option>`)}
              </optgroup>`,
          )}
        </select>
      </div>
      <p id="look" class="note" aria-live="polite">
        ${example ? html`${example.look} ${this.#accuracy(example)} ${this.#carrier(example)}` : "It was trained on short texts of 500 words: what is made of others means nothing to it, and is marked."}
      </p>
    `;
  }

  #accuracy({ kind }: Example) {
    const step = this.#shown;
    const right = snapshotAt(step)?.accuracy?.[kind];
    if (right === undefined) return "Before training it is right by chance alone.";
    return html`After <span translate="no">${formatCount(step)}</span> steps <b translate="no">${Math.round(100 * right)} %</b> of such
      prompts get the right token.`;
  }

  /** Where to look: the head without which the finished model can no longer do it. */
  #carrier({ kind }: Example) {
    const carrier = carrierOf(kind);
    if (!carrier) return "In the finished model no head carries this alone.";
    const { layer, head, without, whole } = carrier;
    const away = isAway(this.ablate, layer, head);
    return html`In the finished model <b>layer <span translate="no">${layer}</span>, head
        <span translate="no">${head}</span></b> carries it: without it
      <b translate="no">${Math.round(100 * without)} %</b> instead of <span translate="no">${Math.round(100 * whole)} %</span>
      are right.
      <span class="line">
        <button type="button" class="small" @click=${() => this.dispatchEvent(new CustomEvent("head-show", { detail: { layer, head } }))}>
          See what it looks at
        </button>
        <button type="button" class="small" aria-pressed=${away} aria-disabled=${this.locked} @click=${() => this.locked || this.#toggle([layer, head])}>
          ${away ? "Put it back" : "Take it away"}
        </button>
      </span>`;
  }

  #toggle(head: HeadOfLayer) {
    this.dispatchEvent(new CustomEvent("ablate-change", { detail: toggledHead(this.ablate, head) }));
  }

  #chosen(event: Event) {
    const { value } = event.target as HTMLSelectElement;
    const example = examples.find(({ kind }) => kind === value);
    if (example) this.dispatchEvent(new CustomEvent("example-choose", { detail: example.prompt }));
  }
}

const lossAt = (step: number): string => snapshotAt(step)?.loss.held_out.toFixed(2) ?? "";

define("next-token-training-strip", TrainingStrip);
