import { css, html, LitElement, nothing } from "lit";
import type { NextTokenError } from "../../errors.ts";
import { base } from "../../ui/design/base.css.ts";
import { define } from "../../ui/element/define.ts";
import "../../ui/status/failure-notice.ts";
import "../../ui/status/load-progress.ts";
import { cellTexts } from "../../lesson/notebook/cells.ts";
import python from "../../lesson/notebook/notebook.py?tokens";
import typescript from "../../lesson/notebook/notebook.ts?tokens";
import { tokens } from "../../ui/design/tokens.css.ts";
import { missingSupport } from "../../ui/element/support.ts";
import { excerpts } from "./excerpt.ts";
import "./notebook-cell.ts";
import { NotebookRun } from "../../lesson/notebook/notebook-run.ts";
import { notebookStatus } from "../../lesson/notebook/notebook-status.ts";
import { type CellName, printed } from "../../lesson/notebook/printed.ts";
import type { NotebookCell } from "./notebook-cell.ts";
import { verdictColours } from "./verdict.css.ts";

const names = Object.keys(printed) as CellName[];
const codeOf = { python: excerpts(python), typescript: excerpts(typescript) };

/**
 * `<next-token-notebook>`: every cell of the course's notebook that prints something, its printed output beside what
 * this browser computes when Run is pressed.
 */
export class NotebookPage extends LitElement {
  static override styles = [
    tokens,
    verdictColours,
    base,
    css`
      :host {
        container-type: inline-size;
        color: var(--nt-ink);
        background: var(--nt-paper);
        font-family: var(--nt-sans);
        line-height: 1.45;
      }

      .lead,
      .secret {
        max-inline-size: calc(60 * var(--nt-em));
      }

      .run {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-2) var(--nt-space-4);
        align-items: center;
        margin-block: var(--nt-space-3) var(--nt-space-2);
      }

      .primary {
        min-inline-size: calc(10 * var(--nt-em));
      }

      .progress {
        min-block-size: calc(3.5 * var(--nt-em));
        max-inline-size: calc(60 * var(--nt-em));
      }

      .cells {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-6);
        margin-block-start: var(--nt-space-4);
      }

      .part {
        margin-block-start: var(--nt-space-6);
        padding-block-start: var(--nt-space-4);
        border-block-start: 1px solid var(--nt-line);
        font-size: var(--nt-text-l);
        font-weight: 600;
      }

      @media print {
        button,
        .progress {
          display: none;
        }

        .cells {
          gap: calc(0.75 * var(--nt-em));
        }
      }
    `,
  ];

  readonly #run = new NotebookRun(
    async () => (await import("../../lesson/notebook/notebook.ts")).notebook,
    Object.values(printed),
    () => this.requestUpdate(),
  );
  #unsupported: NextTokenError | undefined;

  override connectedCallback() {
    super.connectedCallback();
    this.#unsupported = missingSupport("auto");
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#run.stop();
  }

  /** Runs all cells. Settles when that is over; what went wrong is shown. */
  async run(): Promise<void> {
    if (!this.#unsupported) await this.#run.run();
  }

  /** Shows one cell. @param name as the address has it; another one changes nothing */
  async showCell(name: string): Promise<void> {
    await this.updateComplete;
    const cell = names.includes(name as CellName)
      ? this.renderRoot.querySelector<NotebookCell>(`#${name}`)
      : null;
    await cell?.updateComplete;
    cell?.focus();
  }

  protected override render() {
    const { state } = this.#run;
    const isRunning = state.activity === "running";
    const failure = this.#unsupported ?? state.failure;
    return html`
      <p class="lead">
        Left, the course's notebook and what it printed, in PyTorch. Right, the lines of this page that do the same, and
        what they compute on your machine, now. A cell agrees only when every id is identical and no logit is off by
        more than one in its fourth decimal.
      </p>
      <div class="run">
        <button
          class="primary"
          aria-disabled=${this.#unsupported ? "true" : "false"}
          @click=${() => (isRunning ? this.#run.stop() : this.run())}
        >
          ${this.#label(isRunning)}
        </button>
        <p role="status">${notebookStatus(state)}</p>
      </div>
      <div class="progress">
        ${isRunning ? this.#progress() : this.#cost()}
      </div>
      <next-token-failure .failure=${failure}></next-token-failure>
      <h2 class="visually-hidden">What the notebook prints</h2>
      <div class="cells">${names.slice(0, -1).map((name, i) => this.#cell(name, i))}</div>
      <h2 class="part">The notebook's secret</h2>
      <p class="secret">
        In the notebook's own model the causal mask never takes effect: every token also attends to those after it. The
        cells above are therefore computed with <code translate="no">mask: "none"</code>. A GPT needs the mask, and the rest of this
        site has it on.
      </p>
      <div class="cells">${this.#cell("causal", names.length - 1)}</div>
    `;
  }

  #progress() {
    const { progress } = this.#run.state;
    return progress
      ? html`<next-token-load-progress .progress=${progress} .canCancel=${false}></next-token-load-progress>`
      : nothing;
  }

  #cost() {
    return html`<p class="note">
      Nothing is computed before you press the button. Then the model is built anew, with 652 MB of memory, and given
      back after the last cell.
    </p>`;
  }

  #label(isRunning: boolean): string {
    if (isRunning) return "Stop";
    return this.#run.state.cells.some(({ ours }) => ours) ? "Run again" : "Run the notebook";
  }

  #cell(name: CellName, i: number) {
    return html`<next-token-notebook-cell
      id=${name}
      .letter=${String.fromCharCode(65 + i)}
      .text=${cellTexts[name]}
      .python=${codeOf.python.get(name)}
      .typescript=${codeOf.typescript.get(name)}
      .printed=${printed[name]}
      .state=${this.#run.state.cells[i]}
    ></next-token-notebook-cell>`;
  }
}

define("next-token-notebook", NotebookPage);

declare global {
  interface HTMLElementTagNameMap {
    "next-token-notebook": NotebookPage;
  }
}
