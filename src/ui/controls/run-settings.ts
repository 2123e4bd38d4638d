import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { type ControlName, controlNames } from "../../lesson/control-names.ts";
import { type Pace, playbackSpeeds } from "../../lesson/playback-speed.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/** New tokens that can be asked for here; an attribute may ask for more. */
export const MOST_TOKENS = 1000;

/** How fast a run goes, and how far. Fires `run-pace` with the name of a pace, and `run-count` with a number. */
export class RunSettings extends LitElement {
  /** Those of the two that are there. */
  @property({ attribute: false }) accessor shown: readonly ControlName[] = controlNames;
  /** How many tokens a run appends. */
  @property({ attribute: false }) accessor count = 1;
  @property({ attribute: false }) accessor pace: Pace = "steady";

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-2) var(--nt-space-3);
        align-items: center;
        font-size: var(--nt-text-s);
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
        inline-size: calc(3.5 * var(--nt-em));
        padding-inline: var(--nt-space-1) 0; /* WebKit's arrows are wide */
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  override render() {
    return html`${this.shown.includes("pace") ? this.#pace() : nothing}${
      this.shown.includes("new-tokens") ? this.#count() : nothing
    }`;
  }

  #pace() {
    return html`<label>
      <span id="pace">Pace</span>
      <select aria-labelledby="pace" @change=${this.#paced}>
        ${playbackSpeeds.map(
          ({ name, label }) => html`<option value=${name} .selected=${name === this.pace}>${label}</option>`,
        )}
      </select>
    </label>`;
  }

  #count() {
    return html`<label>
      <span id="new-tokens">New tokens</span>
      <input aria-labelledby="new-tokens" type="number" min="1" max=${MOST_TOKENS} step="1" .value=${String(this.count)} @change=${this.#counted} />
    </label>`;
  }

  #paced(event: Event) {
    this.#tell("run-pace", playbackSpeeds[(event.target as HTMLSelectElement).selectedIndex]!.name);
  }

  #counted(event: Event) {
    const input = event.target as HTMLInputElement;
    if (input.checkValidity() && input.value !== "") this.#tell("run-count", input.valueAsNumber);
    else input.value = String(this.count);
  }

  #tell(name: string, detail: number | Pace) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

define("next-token-run-settings", RunSettings);
