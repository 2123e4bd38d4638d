import { html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { type Precision, precisions } from "../../lesson/models/model-source.ts";
import { base } from "../design/base.css.ts";
import { choiceStyles } from "../design/choice.css.ts";
import { define } from "../element/define.ts";

/** What each costs and changes; GPT-2 124M has 124 million weights to read for a token. */
const effects: Record<Precision, string> = {
  f32: "Weights as they are, 4 bytes each: GPT-2 124M reads 495 MB for each token. Only these are held to the notebook's numbers.",
  f16: "Matrices are rounded to 2 bytes a weight, half as much to read for each token. Where two candidates are close, the ids may differ from the notebook's.",
  int8: "Matrices are rounded to 1.13 bytes a weight, less than a third to read for each token. Where two candidates are close, the ids may differ from the notebook's.",
};

/** Chooses how the weights are kept on the GPU. Fires `precision-change` with a `Precision`. */
export class PrecisionChoice extends LitElement {
  @property({ attribute: false }) accessor precision: Precision = "f32";

  static override styles = [base, choiceStyles];

  override render() {
    return html`
      <fieldset aria-describedby="effect">
        <legend class="caption">Precision</legend>
        ${precisions.map(
          (precision) =>
            html`<label>
              <input
                type="radio"
                name="precision"
                .checked=${this.precision === precision}
                @change=${() => this.dispatchEvent(new CustomEvent("precision-change", { detail: precision }))}
              />
              ${precision}
            </label>`,
        )}
      </fieldset>
      <p id="effect" class="note">${effects[this.precision]}</p>
    `;
  }
}

define("next-token-precision", PrecisionChoice);
