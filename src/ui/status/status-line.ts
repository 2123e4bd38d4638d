import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/** What goes on, what its content adds to that, and what is worth knowing of it, for eye and ear; how fast, and who computes, for the eye alone. */
export class StatusLine extends LitElement {
  @property({ attribute: false }) accessor status = "";
  @property({ attribute: false }) accessor notice: string | undefined;
  @property({ attribute: false }) accessor throughput = "";
  /** Who computes, and why. */
  @property({ attribute: false }) accessor computing = "";

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex: none;
        flex-direction: column;
      }

      [role="status"] {
        min-block-size: 1.45em;
        font-size: var(--nt-text-s);
        line-height: 1.45;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }

      .note {
        flex: none;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  override render() {
    return html`
      <p role="status">${this.status}</p>
      <slot></slot>
      <p class="note">
        <span aria-live="polite">${this.notice}</span>
        ${[this.throughput, this.computing].filter(Boolean).join(" ")}
      </p>
    `;
  }
}

define("next-token-status", StatusLine);
