import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { Progress } from "../../config.ts";
import { formatPace, formatPart, formatTimeLeft } from "../../lesson/models/format-transfer.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/** What goes on in each phase of loading a model, as a sentence that a clock can stand behind. */
const sentences: Readonly<Record<string, string>> = {
  weights: "Drawing the weights",
  download: "Downloading the model",
  retry: "The connection was lost. Trying again soon",
  busy: "The server is busy and asked to wait",
  "other-tab": "Another tab downloads this model. Waiting for it",
  cache: "Reading the model that was kept from an earlier visit",
  file: "Reading the file",
};

/** How far the model is, how fast, and for how long still. Fires `load-cancel` where it can be cancelled here. */
export class LoadProgress extends LitElement {
  @property({ attribute: false }) accessor progress: Progress | undefined;
  /** False where a button beside it stops the work. */
  @property({ attribute: false }) accessor canCancel = true;

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        flex: none;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--nt-space-1) var(--nt-space-3);
        align-items: end;
      }

      label,
      .note {
        font-size: var(--nt-text-s);
        font-variant-numeric: tabular-nums;
      }

      label {
        grid-column: 1;
      }

      .bar {
        grid-column: 1;
      }

      .note {
        grid-column: 1;
        min-block-size: 1.45em;
      }

      button {
        grid-area: 1 / 2 / 4;
        align-self: center;
      }

      progress {
        display: block;
        inline-size: 100%;
        block-size: calc(0.375 * var(--nt-em));
        overflow: hidden;
        appearance: none;
        background: var(--nt-line);
        border: 0;
        border-radius: var(--nt-radius);
      }

      ::-webkit-progress-bar {
        background: var(--nt-line);
      }

      ::-webkit-progress-value {
        background: var(--nt-bar);
      }

      ::-moz-progress-bar {
        background: var(--nt-bar);
      }

      @media (forced-colors: active) {
        progress {
          block-size: calc(0.625 * var(--nt-em));
          border: 1px solid CanvasText;
          forced-color-adjust: none;
        }

        progress,
        ::-webkit-progress-bar {
          background: Canvas;
        }
      }
    `,
  ];

  override render() {
    const { phase, loaded, total } = this.progress ?? { phase: "", loaded: 0, total: 0 };
    return html`
      <label for="progress">${sentences[phase] ?? "Preparing the model"}</label>
      <progress class="bar" id="progress" max=${total || 1} .value=${loaded}></progress>
      <p class="note">${this.#sentence()}</p>
      ${
        this.canCancel
          ? html`<button @click=${() => this.dispatchEvent(new CustomEvent("load-cancel"))}>Cancel</button>`
          : nothing
      }
    `;
  }

  #sentence(): string {
    const { loaded, total, bytesPerSecond, secondsLeft, retryIn } = this.progress ?? { loaded: 0, total: 0 };
    const parts = total > 0 ? [formatPart(loaded, total)] : [];
    if (retryIn !== undefined) parts.push(`next try in ${Math.ceil(retryIn / 1000)} s`);
    if (bytesPerSecond) parts.push(formatPace(bytesPerSecond));
    if (secondsLeft !== undefined) parts.push(formatTimeLeft(secondsLeft));
    return parts.join(" · ");
  }
}

define("next-token-load-progress", LoadProgress);
