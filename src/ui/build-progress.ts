import { css, html, LitElement } from "lit";
import type { Progress } from "../model/config.ts";
import { base } from "./base.css.ts";
import { define } from "./define.ts";
import { formatMegabytes } from "./format.ts";

/** How far the model has been built, in bytes. */
export class BuildProgress extends LitElement {
  static override properties = { progress: { attribute: false } };
  declare progress: Progress | undefined;

  static override styles = [
    base,
    css`
      label {
        display: flex;
        justify-content: space-between;
        font-size: var(--nt-text-s);
        font-variant-numeric: tabular-nums;
      }

      progress {
        display: block;
        inline-size: 100%;
        block-size: 0.375rem;
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
    `,
  ];

  override render() {
    const { phase, loaded, total } = this.progress ?? { phase: "starting", loaded: 0, total: 0 };
    const told = total > 0 ? `${formatMegabytes(loaded)} of ${formatMegabytes(total)} MB` : "";
    return html`
      <label for="progress"><span>Building the model: ${phase}</span><span>${told}</span></label>
      <progress id="progress" max=${total || 1} .value=${loaded}></progress>
    `;
  }
}

define("next-token-progress", BuildProgress);
