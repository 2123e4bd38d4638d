import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { type Pace, playbackSpeeds } from "../../lesson/playback-speed.ts";
import type { SessionState } from "../../lesson/session-state.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/** New tokens that can be asked for here; an attribute may ask for more. */
const MOST_TOKENS = 1000;

/**
 * The buttons of the loop. Fires `run-play`, `run-pause`, `run-back`, `run-step` (one station), `run-token`, `run-reset`,
 * `run-count` with a number, and `run-pace` with the name of a pace.
 */
export class RunControls extends LitElement {
  @property({ attribute: false }) accessor activity: SessionState["activity"] = "idle";
  /** Tokens appended so far, of `target` when the run is over. */
  @property({ attribute: false }) accessor made = 0;
  @property({ attribute: false }) accessor target = 0;
  /** How many tokens a run appends. */
  @property({ attribute: false }) accessor count = 1;
  @property({ attribute: false }) accessor pace: Pace = "fast";
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

      /* The widest of its labels keeps the room, so that nothing moves when another stands there. */
      .primary {
        display: grid;
        place-items: center;
        max-inline-size: 100%;
        overflow: clip;
        font-variant-numeric: tabular-nums;
      }

      .primary > *,
      .primary::after {
        grid-area: 1 / 1;
        white-space: nowrap;
      }

      .primary::after {
        content: attr(data-widest) " P";
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

      label {
        display: inline-flex;
        gap: var(--nt-space-2);
        align-items: center;
      }

      select,
      input {
        min-block-size: calc(2.25 * var(--nt-em));
        padding-inline: var(--nt-space-2);
      }

      input {
        inline-size: calc(4 * var(--nt-em));
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  override focus() {
    this.renderRoot.querySelector("button")!.focus();
  }

  override render() {
    const isBusy = this.activity !== "idle";
    const canStart = this.canRun && !isBusy;
    const canPlay = this.canRun && this.activity !== "stopping";
    return html`
      <button
        class="primary"
        data-widest=${`Play ${Math.max(MOST_TOKENS, this.count, this.target)} more`}
        aria-keyshortcuts="p"
        aria-disabled=${canPlay ? "false" : "true"}
        @click=${() => canPlay && this.#tell(isBusy ? "run-pause" : "run-play")}
      >
        <span>${isBusy ? "Pause" : this.#label()}<kbd translate="no" aria-hidden="true">P</kbd></span>
      </button>
      ${this.#button("Back", "←", "ArrowLeft", !isBusy && this.canGoBack, "run-back", "One station back")}
      ${this.#button("Step", "→", "ArrowRight", canStart, "run-step", "One station on")}
      ${this.#button("Token", "T", "t", canStart, "run-token", "One token more")}
      ${this.#button("Reset", "R", "r", true, "run-reset", "Back to the prompt")}
      <label>
        Pace
        <select @change=${this.#paced}>
          ${playbackSpeeds.map(({ name }) => html`<option .selected=${name === this.pace}>${name}</option>`)}
        </select>
      </label>
      <label>
        New tokens
        <input type="number" min="1" max=${MOST_TOKENS} step="1" .value=${String(this.count)} @change=${this.#counted} />
      </label>
    `;
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

  /** One button for both, so that the focus stays where it is. */
  #label(): string {
    if (this.made === 0) return "Play";
    return this.made < this.target ? `Play ${this.target - this.made} more` : `Play ${this.count} more`;
  }

  #paced(event: Event) {
    this.#tell("run-pace", playbackSpeeds[(event.target as HTMLSelectElement).selectedIndex]!.name);
  }

  #counted(event: Event) {
    const input = event.target as HTMLInputElement;
    if (input.checkValidity() && input.value !== "") this.#tell("run-count", input.valueAsNumber);
    else input.value = String(this.count);
  }

  #tell(name: string, detail?: number | Pace) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("next-token-controls", RunControls);
