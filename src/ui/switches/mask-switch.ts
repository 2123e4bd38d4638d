import { html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { Mask } from "../../config.ts";
import { base } from "../design/base.css.ts";
import { choiceStyles } from "../design/choice.css.ts";
import { define } from "../element/define.ts";

const effects: Record<Mask, string> = {
  causal:
    "Every token attends to itself and to those before it, as in any GPT. " +
    "The notebook's text is then another from its second token on.",
  none:
    "Every token also attends to those after it: the notebook as printed, whose mask never takes effect. " +
    "With this setting its output comes out word for word.",
};

/** Chooses the attention mask. Fires `mask-change` with "causal" or "none". */
export class MaskSwitch extends LitElement {
  @property({ attribute: false }) accessor mask: Mask = "causal";
  @property({ attribute: false }) accessor locked = false;

  static override styles = [base, choiceStyles];

  override render() {
    return html`
      <fieldset ?disabled=${this.locked} aria-describedby="effect">
        <legend class="caption">Attention mask</legend>
        ${this.#choice("causal")} ${this.#choice("none")}
      </fieldset>
      <p id="effect" class="note">${effects[this.mask]}</p>
    `;
  }

  #choice(mask: Mask) {
    return html`<label>
      <input type="radio" name="mask" value=${mask} .checked=${this.mask === mask} @change=${() => this.#choose(mask)} />
      ${mask}
    </label>`;
  }

  #choose(mask: Mask) {
    this.dispatchEvent(new CustomEvent("mask-change", { detail: mask }));
  }
}

define("next-token-mask", MaskSwitch);
