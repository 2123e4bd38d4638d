import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { formatCount, formatDuration } from "../../lesson/format.ts";
import type { RecordedStep } from "../../lesson/session-state.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/**
 * How many of the last tokens the model reads, and what that costs: the crop theatre. Fires `context-change` with a
 * whole number from 1 to `most`, and `context-example`.
 */
export class ContextSize extends LitElement {
  @property({ attribute: false }) accessor size = 1024;
  @property({ attribute: false }) accessor locked = false;
  /** What the model can read at most. */
  @property({ attribute: false }) accessor most = 1024;
  /** Tokens in a row now. */
  @property({ attribute: false }) accessor length = 0;
  @property({ attribute: false }) accessor kvCache = true;
  /** The step at the playhead. */
  @property({ attribute: false }) accessor step: RecordedStep | undefined;

  static override styles = [
    base,
    css`
      label {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-3);
        align-items: center;
      }

      input[type="range"] {
        flex: 1 1 calc(10 * var(--nt-em));
        min-inline-size: 0;
        margin: 0;
        padding: 0;
        border: 0;
        accent-color: var(--nt-ink);
      }

      input[type="number"] {
        inline-size: calc(5 * var(--nt-em));
        min-block-size: calc(1.75 * var(--nt-em));
        padding-inline: var(--nt-space-2);
        font-variant-numeric: tabular-nums;
      }

      svg {
        display: block;
        inline-size: 100%;
        block-size: calc(0.875 * var(--nt-em));
        margin-block: var(--nt-space-1);
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-3);
        font-size: var(--nt-text-xs);
      }

      .legend svg {
        display: inline-block;
        inline-size: 0.875em;
        block-size: 0.875em;
        margin: 0;
        vertical-align: -0.1em;
      }

      .example {
        min-block-size: var(--nt-target);
        padding: 0 var(--nt-space-2);
        font-size: var(--nt-text-s);
      }

      .kept {
        fill: var(--nt-bar);
      }

      .read {
        fill: var(--nt-ink);
      }

      .cropped {
        fill: none;
        stroke: var(--nt-edge);
        stroke-dasharray: 2 2;
        vector-effect: non-scaling-stroke;
      }
    `,
  ];

  override render() {
    return html`
      <label>
        <span class="caption">Context size <code translate="no">context_size</code></span>
        <input
          type="range"
          ?disabled=${this.locked}
          aria-label="Context size"
          min="0"
          max="100"
          step="any"
          .value=${String(this.#toSlider(this.size))}
          aria-valuetext=${`${this.size} tokens`}
          @input=${(event: Event) => this.#tell(this.#fromSlider((event.target as HTMLInputElement).valueAsNumber))}
        />
        <input
          type="number"
          ?disabled=${this.locked}
          aria-label="Context size in tokens"
          min="1"
          max=${this.most}
          step="1"
          .value=${String(this.size)}
          @change=${this.#typed}
        />
      </label>
      ${this.length > 0 ? this.#picture() : nothing}
      ${this.length > 0 ? legend : nothing}
      <p class="note">
        ${this.#cost()}
        <button type="button" class="example" aria-disabled=${this.locked} @click=${() => this.locked || this.dispatchEvent(new CustomEvent("context-example"))}>
          Try eight ids with a context of 6
        </button>
      </p>
    `;
  }

  /** The row: what is cropped, what the KV cache holds, and what the last step computed. */
  #picture() {
    const dropped = Math.max(0, this.length - this.size);
    const context = this.length - dropped;
    const read = Math.min(this.step?.computed ?? context, context);
    const unit = 100 / this.length;
    return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="cropped" x="0.2" y="1" height="8" width=${Math.max(0, dropped * unit - 0.4)}></rect>
      <rect class="kept" x=${dropped * unit} y="0" height="10" width=${(context - read) * unit}></rect>
      <rect class="read" x=${(this.length - read) * unit} y="0" height="10" width=${read * unit}></rect>
    </svg>`;
  }

  #cost(): string {
    const dropped = Math.max(0, this.length - this.size);
    const crop =
      dropped > 0
        ? `The first ${formatCount(dropped)} of ${formatCount(this.length)} tokens are cropped away; the rest are numbered from position 0 again.`
        : `All ${formatCount(this.length)} tokens fit; position 0 is the first.`;
    if (!this.step) return this.length > 0 ? crop : "";
    const { computed, milliseconds } = this.step;
    const time = formatDuration(milliseconds);
    if (computed === 1)
      return `${crop} The last iteration computed 1 position in ${time}; the KV cache held the others.`;
    const why =
      dropped > 0 && this.kvCache
        ? ": every position has moved, so the KV cache is built anew at each iteration"
        : "";
    return `${crop} The last iteration computed ${formatCount(computed)} positions in ${time}${why}.`;
  }

  // Half of the slider is for contexts below the root of the most: small ones are where cropping is seen.
  #toSlider(size: number): number {
    return this.most > 1 ? (100 * Math.log(size)) / Math.log(this.most) : 100;
  }

  #fromSlider(value: number): number {
    return Math.round(this.most ** (value / 100));
  }

  #typed(event: Event) {
    const input = event.target as HTMLInputElement;
    if (input.checkValidity() && input.value !== "") this.#tell(input.valueAsNumber);
    else input.value = String(this.size);
  }

  #tell(detail: number) {
    this.dispatchEvent(new CustomEvent("context-change", { detail }));
  }
}

const entry = (look: string, what: string) => html`<span>
  <svg viewBox="0 0 10 10" aria-hidden="true"><rect class=${look} width="10" height="10"></rect></svg> ${what}
</span>`;

const legend = html`<p class="note legend">
  ${entry("read", "computed by the last iteration")} ${entry("kept", "kept in the KV cache")}
  ${entry("cropped", "cropped away")}
</p>`;

define("next-token-context", ContextSize);
