import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { NextTokenError } from "../../errors.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/** What went wrong and what to do next, with the code that a bug report should name. */
export class FailureNotice extends LitElement {
  @property({ attribute: false }) accessor failure: NextTokenError | undefined;

  static override styles = [
    base,
    css`
      [role="alert"]:not(:empty) {
        padding: var(--nt-space-2) var(--nt-space-3);
        border: 1px solid var(--nt-edge);
        border-inline-start: calc(0.25 * var(--nt-em)) solid var(--nt-ink);
        border-radius: var(--nt-radius);
        overflow-wrap: anywhere;
      }

      code {
        color: var(--nt-soft);
      }
    `,
  ];

  override render() {
    const { failure } = this;
    return html`<div role="alert">${failure && html`<p>${failure.message} <code translate="no">${failure.code}</code></p>`}</div>`;
  }
}

define("next-token-failure", FailureNotice);
