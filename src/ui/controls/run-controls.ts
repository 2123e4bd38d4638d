import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { type ControlName, controlNames } from "../../lesson/control-names.ts";
import type { SessionState } from "../../lesson/session-state.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import { MOST_TOKENS } from "./run-settings.ts";

/**
 * The buttons of the loop. Fires `run-play`, `run-pause`, `run-back`, `run-step` (one of the seven), `run-token` and
 * `run-reset`.
 */
export class RunControls extends LitElement {
  /** Those of the buttons that are there. */
  @property({ attribute: false }) accessor shown: readonly ControlName[] = controlNames;
  @property({ attribute: false }) accessor activity: SessionState["activity"] = "idle";
  /** Tokens appended so far, of `target` when the run is over. */
  @property({ attribute: false }) accessor made = 0;
  @property({ attribute: false }) accessor target = 0;
  /** How many tokens a run appends. */
  @property({ attribute: false }) accessor count = 1;
  @property({ attribute: false }) accessor canRun = true;
  @property({ attribute: false }) accessor canGoBack = false;

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-2) calc(0.375 * var(--nt-em));
        align-items: center;
        font-size: var(--nt-text-s);
      }

      button {
        padding-inline: var(--nt-space-2);
      }

      /* All its labels stand on one another, so that nothing moves when another is shown, in whatever language. */
      .primary {
        display: grid;
        place-items: center;
        max-inline-size: 100%;
        overflow: clip;
        font-variant-numeric: tabular-nums;
      }

      .primary > * {
        grid-area: 1 / 1;
        white-space: nowrap;
      }

      .unseen {
        visibility: hidden;
      }

      kbd {
        margin-inline-start: var(--nt-space-1);
        color: var(--nt-soft);
        font-family: inherit;
        font-size: var(--nt-text-xs);
      }

      .primary kbd {
        color: inherit;
      }

      @container (max-width: 17.75em) {
        kbd {
          display: none;
        }
      }

      /* Where fingers do the work there is no keyboard to give hints about. */
      @media (hover: none) and (pointer: coarse) {
        kbd {
          display: none;
        }
      }
    `,
  ];

  override focus() {
    this.renderRoot.querySelector("button")?.focus();
  }

  override render() {
    const isBusy = this.activity !== "idle";
    const canStart = this.canRun && !isBusy;
    const buttons: [ControlName, TemplateResult][] = [
      ["play", this.#play(isBusy)],
      [
        "back",
        this.#button("Back", "←", "ArrowLeft", !isBusy && this.canGoBack, "run-back", "One step back"),
      ],
      ["step", this.#button("Step", "→", "ArrowRight", canStart, "run-step", "One of the seven steps on")],
      [
        "token",
        this.#button("Token", "T", "t", canStart, "run-token", "One token more: to the end of an iteration"),
      ],
      ["reset", this.#button("Reset", "R", "r", true, "run-reset", "Back to the prompt")],
    ];
    return buttons.filter(([name]) => this.shown.includes(name)).map(([, button]) => button);
  }

  #play(isBusy: boolean) {
    const canPlay = this.canRun && this.activity !== "stopping";
    return html`<button
      class="primary"
      aria-keyshortcuts="p"
      aria-disabled=${canPlay ? "false" : "true"}
      @click=${() => canPlay && this.#tell(isBusy ? "run-pause" : "run-play")}
    >
      ${this.#label("Play", !isBusy && this.made === 0)} ${this.#label("Pause", isBusy)}
      ${this.#label(`Play ${this.#left} more`, !isBusy && this.made > 0)}
      ${this.#label(`Play ${Math.max(MOST_TOKENS, this.count, this.target)} more`, false)}
    </button>`;
  }

  /** One button for all of them, so that the focus stays where it is; those that do not hold keep their room. */
  #label(text: string, isShown: boolean) {
    return html`<span class=${isShown ? "label" : "unseen"} aria-hidden=${isShown ? nothing : "true"}
      >${text}<kbd translate="no" aria-hidden="true">P</kbd></span
    >`;
  }

  #button(label: string, key: string, shortcut: string, enabled: boolean, event: string, title: string) {
    return html`<button
      aria-keyshortcuts=${shortcut}
      aria-disabled=${enabled ? "false" : "true"}
      title=${title}
      @click=${() => enabled && this.#tell(event)}
    >
      ${label}<kbd translate="no" aria-hidden="true">${key}</kbd>
    </button>`;
  }

  get #left(): number {
    return this.made < this.target ? this.target - this.made : this.count;
  }

  #tell(name: string) {
    this.dispatchEvent(new CustomEvent(name));
  }
}

define("next-token-controls", RunControls);
