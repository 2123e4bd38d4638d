import { css, html, LitElement, nothing } from "lit";
import { base } from "../base.css.ts";
import type { CodeLines } from "../code/code-lines.ts";
import "../code/code-view.ts";
import { define } from "../define.ts";
import type { CellText } from "./cells.ts";
import type { CellState } from "./notebook-run.ts";
import type { Output } from "./output.ts";
import { print, printText } from "./print.ts";

const marks = { waiting: "○", running: "◌", agrees: "✓", differs: "✗" } as const;

/** One cell: the notebook's code and what it printed, ours and what it computed, and whether they agree. */
export class NotebookCell extends LitElement {
  static override properties = {
    number: { attribute: false },
    text: { attribute: false },
    python: { attribute: false },
    typescript: { attribute: false },
    printed: { attribute: false },
    state: { attribute: false },
  };
  /** Its place in the notebook, from 1. */
  declare number: number;
  declare text: CellText;
  declare python: CodeLines;
  declare typescript: CodeLines;
  /** What the notebook shows. */
  declare printed: Output;
  declare state: CellState;

  static override styles = [
    base,
    css`
      article {
        padding-inline-start: var(--nt-space-3);
        border-inline-start: 0.25rem solid var(--nt-line);
      }

      .agrees {
        border-color: var(--nt-agrees);
      }

      .differs {
        border-color: var(--nt-differs);
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-4);
        align-items: baseline;
        justify-content: space-between;
      }

      h3 {
        margin: 0;
        font-size: var(--nt-text-m);
        font-weight: 600;
      }

      .verdict {
        color: var(--nt-soft);
        font-weight: 600;
        white-space: nowrap;
      }

      .agrees .verdict {
        color: var(--nt-agrees);
      }

      .differs :is(.verdict, .told) {
        color: var(--nt-differs);
      }

      .head + .note {
        max-inline-size: 60rem;
      }

      .sides {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-1) var(--nt-space-6);
        margin-block-start: var(--nt-space-2);
      }

      .side {
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
      }

      .out {
        margin: 0;
        padding: var(--nt-space-2);
        overflow-x: auto;
        background: var(--nt-wash);
        border-radius: var(--nt-radius);
        font-family: var(--nt-mono);
        font-size: calc(0.93 * var(--nt-text-s)); /* PyTorch's lines of 80 fit beside each other on a laptop */
        font-variant-numeric: tabular-nums;
        line-height: 1.5;
      }

      .prose {
        white-space: pre-wrap;
      }

      .pending {
        color: var(--nt-soft);
      }

      .agrees .ours {
        background: var(--nt-agrees-wash);
      }

      .differs .ours {
        background: var(--nt-differs-wash);
      }

      mark {
        color: var(--nt-paper);
        background: var(--nt-differs);
        font-weight: 600;
        text-decoration: underline wavy;
      }

      .told {
        min-block-size: 1.45em;
        font-variant-numeric: tabular-nums;
      }

      @container (min-width: 54rem) {
        .sides {
          grid-template: auto 1fr auto / repeat(2, minmax(0, 1fr));
          grid-auto-flow: column;
        }

        .told {
          margin-inline-start: calc(50% + var(--nt-space-3)); /* under ours */
        }
      }

      @media print {
        article {
          break-inside: avoid;
        }

        .out {
          padding: 0.25rem;
          border: 1px solid var(--nt-edge);
          font-size: 5.25pt;
          white-space: pre-wrap;
        }

        next-token-code {
          --nt-text-s: 5.25pt;
        }

        .sides {
          grid-template: auto 1fr auto / repeat(2, minmax(0, 1fr));
          grid-auto-flow: column;
          gap: 0.125rem 0.75rem;
        }

        .told {
          margin-inline-start: calc(50% + var(--nt-space-3)); /* under ours */
        }
      }
    `,
  ];

  override render() {
    const { verdict, comparison } = this.state;
    return html`
      <article class=${verdict} aria-labelledby="title">
        <div class="head">
          <h3 id="title">${this.number}. ${this.text.title}</h3>
          <span class="verdict"><span aria-hidden="true">${marks[verdict]}</span> ${verdict}</span>
        </div>
        <p class="note">${this.text.note}</p>
        <div class="sides">
          <p class="side">The notebook, in PyTorch</p>
          <next-token-code .lines=${this.python} .label=${`Cell ${this.number} in Python`}></next-token-code>
          ${this.#output(this.printed, "printed")}
          <p class="side">This page, in your browser</p>
          <next-token-code .lines=${this.typescript} .label=${`Cell ${this.number} in TypeScript`}></next-token-code>
          ${this.state.ours ? this.#output(this.state.ours, "ours") : this.#pending()}
        </div>
        <p class="told note">${comparison?.told ?? nothing}</p>
      </article>
    `;
  }

  /** The markup keeps to one line where `pre` would show its breaks. */
  #output(output: Output, whose: "printed" | "ours") {
    const differing = whose === "ours" ? this.state.comparison?.differing : undefined;
    const label = `Cell ${this.number}, ${whose === "ours" ? "computed here" : "printed in the notebook"}`;
    const pieces = print(output).map(({ text, at }) =>
      at !== undefined && differing?.has(at) ? html`<mark>${text}</mark>` : text,
    );
    const look = output.kind === "text" ? "prose" : "";
    return html`<pre class="out ${whose} ${look}" tabindex="0" role="region" aria-label=${label}>${pieces}</pre>`;
  }

  /** As high as what will stand here, so that nothing jumps. */
  #pending() {
    const below = printText(this.printed).replaceAll(/[^\n]/g, "");
    const told = this.state.verdict === "running" ? "computing …" : "not run yet";
    return html`<pre class="out pending">${told}${below}</pre>`;
  }
}

define("next-token-notebook-cell", NotebookCell);
