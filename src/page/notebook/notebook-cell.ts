import { html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { base } from "../../ui/design/base.css.ts";
import type { CodeLines } from "../../ui/design/code/code-lines.ts";
import "../../ui/design/code/code-view.ts";
import type { CellText } from "../../lesson/notebook/cells.ts";
import type { CellState } from "../../lesson/notebook/notebook-run.ts";
import type { Output } from "../../lesson/notebook/output.ts";
import { print, printText } from "../../lesson/notebook/print.ts";
import { define } from "../../ui/element/define.ts";
import { cellStyles } from "./notebook-cell.css.ts";

const marks = { waiting: "○", running: "◌", agrees: "✓", differs: "✗" } as const;

/** One cell: the notebook's code and what it printed, ours and what it computed, and whether they agree. */
export class NotebookCell extends LitElement {
  /** A letter, since numbers are those of the loop's steps: "A". */
  @property({ attribute: false }) accessor letter!: string;
  @property({ attribute: false }) accessor text!: CellText;
  @property({ attribute: false }) accessor python!: CodeLines;
  @property({ attribute: false }) accessor typescript!: CodeLines;
  /** What the notebook shows. */
  @property({ attribute: false }) accessor printed!: Output;
  @property({ attribute: false }) accessor state!: CellState;

  static override styles = [base, cellStyles];

  /** Goes to its title, for the eye and the keyboard. */
  override focus() {
    this.scrollIntoView({ block: "start" });
    this.renderRoot.querySelector<HTMLElement>("#title")!.focus({ preventScroll: true });
  }

  override render() {
    const { verdict, comparison } = this.state;
    return html`
      <article class=${verdict} aria-labelledby="title">
        <div class="head">
          <h3 id="title" tabindex="-1">${this.letter}. ${this.text.title}</h3>
          <span class="verdict"><span aria-hidden="true">${marks[verdict]}</span> ${verdict}</span>
        </div>
        <p class="note">${this.text.note}</p>
        <div class="sides">
          <p class="side">The ${this.text.source}, in PyTorch</p>
          <next-token-code .lines=${this.python} .label=${`Cell ${this.letter} in Python`}></next-token-code>
          ${this.#output(this.printed, "printed")}
          <p class="side">This page, in your browser</p>
          <next-token-code .lines=${this.typescript} .label=${`Cell ${this.letter} in TypeScript`}></next-token-code>
          ${this.state.ours ? this.#output(this.state.ours, "ours") : this.#pending()}
        </div>
        <p class="note"><a href=${`#${this.text.place.hash}`}>In the loop: ${this.text.place.name}</a></p>
        <p class="summary note">${comparison?.summary ?? nothing}</p>
      </article>
    `;
  }

  /** The markup keeps to one line where `pre` would show its breaks. */
  #output(output: Output, whose: "printed" | "ours") {
    const differing = whose === "ours" ? this.state.comparison?.differing : undefined;
    const label = `Cell ${this.letter}, ${whose === "ours" ? "computed here" : `printed in the ${this.text.source}`}`;
    const pieces = print(output).map(({ text, at }) =>
      at !== undefined && differing?.has(at) ? html`<mark>${text}</mark>` : text,
    );
    const look = output.kind === "text" ? "prose" : "";
    return html`<pre translate="no" class="out ${whose} ${look}" tabindex="0" role="region" aria-label=${label}>${pieces}</pre>`;
  }

  /** As high as what will stand here, so that nothing jumps. */
  #pending() {
    const below = printText(this.printed).replaceAll(/[^\n]/g, "");
    const text = this.state.verdict === "running" ? "computing …" : "not run yet";
    return html`<pre class="out pending">${text}${below}</pre>`;
  }
}

define("next-token-notebook-cell", NotebookCell);
