import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../../element/define.ts";
import { base } from "../base.css.ts";
import { type CodeLines, codeClasses } from "./code-lines.ts";

/** Highlighted code. Lines at work are lit; the first of them is kept in sight. */
export class CodeView extends LitElement {
  @property({ attribute: false }) accessor lines: CodeLines = [];
  /** Indices of the lines to light, from 0. */
  @property({ attribute: false }) accessor lit: readonly number[] = [];
  /** What the code is, for those who do not see it. */
  @property() accessor label = "Code";

  static override styles = [
    base,
    css`
      pre {
        max-block-size: inherit;
        margin: 0;
        overflow: auto;
        color: var(--nt-ink);
        font-family: var(--nt-mono);
        font-size: var(--nt-text-s);
        line-height: 1.5;
        tab-size: 4;
      }

      code {
        display: grid; /* all lines as wide as the longest, so that a lit one is lit to its end */
        min-inline-size: max-content;
        font-size: inherit;
      }

      .line {
        min-block-size: 1lh;
        padding-inline: var(--nt-space-2);
        border-inline-start: calc(0.1875 * var(--nt-em)) solid var(--nt-clear);
      }

      .lit {
        background: var(--nt-wash);
        border-inline-start-color: var(--nt-ink);
      }

      .keyword {
        color: var(--nt-code-keyword);
      }

      .type {
        color: var(--nt-code-type);
      }

      .number {
        color: var(--nt-code-number);
      }

      .string {
        color: var(--nt-code-string);
      }

      .comment {
        color: var(--nt-soft);
      }

      .function {
        color: var(--nt-code-function);
      }
    `,
  ];

  // The markup keeps to one line where `pre` would show its breaks.
  override render() {
    return html`<pre translate="no" tabindex="0" role="region" aria-label=${this.label}><code translate="no">${this.lines.map(
      (_, line) => this.#line(line),
    )}</code></pre>`;
  }

  #line(line: number) {
    const lit = this.lit.includes(line);
    return html`<span class=${lit ? "line lit" : "line"} aria-current=${lit ? "step" : nothing}
      >${this.lines[line]!.map(([text, codeClass]) =>
        codeClass === 0 ? text : html`<span class=${codeClasses[codeClass]!}>${text}</span>`,
      )}</span
    >`;
  }

  override updated(changed: Map<PropertyKey, unknown>) {
    if (changed.has("lit")) this.#show(this.renderRoot.querySelector<HTMLElement>(".lit"));
  }

  /** Scrolls this element alone: `scrollIntoView` would move the page under the reader. */
  #show(line: HTMLElement | null) {
    const box = this.renderRoot.querySelector("pre")!;
    if (!line || box.scrollHeight <= box.clientHeight) return;
    const top = line.offsetTop - box.offsetTop;
    const outside = top < box.scrollTop || top + line.offsetHeight > box.scrollTop + box.clientHeight;
    if (outside) box.scrollTop = top - box.clientHeight / 3;
  }
}

define("next-token-code", CodeView);

declare global {
  interface HTMLElementTagNameMap {
    "next-token-code": CodeView;
  }
}
