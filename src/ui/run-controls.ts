import { css, html, LitElement } from "lit";
import { base } from "./base.css.ts";
import { define } from "./define.ts";
import type { SessionState } from "./session-state.ts";

/** The buttons of the loop. Fires `run-generate`, `run-stop`, `run-step`, `run-reset` and `run-count` with a number. */
export class RunControls extends LitElement {
  static override properties = {
    activity: { attribute: false },
    made: { attribute: false },
    target: { attribute: false },
    count: { attribute: false },
    canRun: { attribute: false },
  };
  declare activity: SessionState["activity"];
  /** Tokens appended so far, of `target` when the run is over. */
  declare made: number;
  declare target: number;
  /** How many tokens a run appends. */
  declare count: number;
  declare canRun: boolean;

  constructor() {
    super();
    this.activity = "idle";
    this.made = 0;
    this.target = 0;
    this.count = 1;
    this.canRun = true;
  }

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-2);
        align-items: center;
      }

      .primary {
        min-inline-size: 8.5rem;
      }

      label {
        display: inline-flex;
        gap: var(--nt-space-2);
        align-items: center;
        margin-inline-start: var(--nt-space-2);
        font-size: var(--nt-text-s);
      }

      input {
        inline-size: 4.5rem;
        min-block-size: 2.25rem;
        padding-inline: var(--nt-space-2);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  override render() {
    const isBusy = this.activity !== "idle";
    const canStart = this.canRun && !isBusy;
    return html`
      <button
        class="primary"
        aria-disabled=${this.canRun && this.activity !== "stopping" ? "false" : "true"}
        @click=${() => this.canRun && this.#tell(isBusy ? "run-stop" : "run-generate")}
      >
        ${this.#label(isBusy)}
      </button>
      <button aria-disabled=${canStart ? "false" : "true"} @click=${() => canStart && this.#tell("run-step")}>
        Step
      </button>
      <button @click=${() => this.#tell("run-reset")}>Reset</button>
      <label>
        New tokens
        <input type="number" min="1" max="1000" step="1" .value=${String(this.count)} @change=${this.#counted} />
      </label>
    `;
  }

  /** One button for both, so that the focus stays where it is. */
  #label(isBusy: boolean): string {
    if (isBusy) return "Stop";
    if (this.made > 0 && this.made < this.target) return `Generate ${this.target - this.made} more`;
    return this.made > 0 ? `Generate ${this.count} more` : "Generate";
  }

  #counted(event: Event) {
    const input = event.target as HTMLInputElement;
    if (input.checkValidity() && input.value !== "") this.#tell("run-count", input.valueAsNumber);
    else input.value = String(this.count);
  }

  #tell(name: string, detail?: number) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("next-token-controls", RunControls);
