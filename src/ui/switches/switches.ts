import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { GPT_CONFIG_124M, type Mask } from "../../config.ts";
import type { Sampling } from "../../index.ts";
import { base } from "../design/base.css.ts";
import { choiceStyles } from "../design/choice.css.ts";
import { define } from "../element/define.ts";
import "./mask-switch.ts";
import type { Settings } from "../../lesson/session-state.ts";

/** What sampling starts from when it is switched on. */
const SAMPLING: Sampling = { temperature: 1, topK: 50, seed: 123 };

export type Switched = Pick<Settings, "mask" | "kvCache" | "sampling" | "stopAtEndOfText">;

/** The switches that teach, each with one sentence. Fires `switch-change` with what is different now, a part of `Switched`. */
export class Switches extends LitElement {
  @property({ attribute: false }) accessor settings: Switched = {
    mask: "causal",
    kvCache: true,
    sampling: undefined,
    stopAtEndOfText: false,
  };
  /** Whether they only show what is set. */
  @property({ attribute: false }) accessor locked = false;
  /** Where `topK` is left out, the draw is among all. */
  @property({ attribute: false }) accessor vocab_size: number = GPT_CONFIG_124M.vocab_size;

  static override styles = [
    base,
    choiceStyles,
    css`
      :host {
        display: grid;
        gap: var(--nt-space-3) var(--nt-space-6);
        grid-template-columns: repeat(auto-fit, minmax(min(18 * var(--nt-em), 100%), 1fr));
      }

      input[type="number"] {
        inline-size: calc(5.5 * var(--nt-em));
        min-block-size: calc(1.75 * var(--nt-em));
        padding-inline: var(--nt-space-2);
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  override render() {
    const { mask, kvCache, sampling, stopAtEndOfText } = this.settings;
    return html`
      <next-token-mask .locked=${this.locked} .mask=${mask} @mask-change=${(event: CustomEvent<Mask>) => this.#tell({ mask: event.detail })}></next-token-mask>
      <div>
        <fieldset ?disabled=${this.locked} aria-describedby="cache">
          <legend class="caption">KV cache</legend>
          ${this.#radio("cache", "on", kvCache, { kvCache: true })} ${this.#radio("cache", "off", !kvCache, { kvCache: false })}
        </fieldset>
        <p id="cache" class="note">
          ${
            kvCache
              ? "Keys and values of earlier tokens are kept, so that each iteration computes one new position. The ids are the same."
              : "Every iteration computes the whole context again, as the notebook's loop does. The ids are the same, the time is not."
          }
        </p>
      </div>
      <div>
        <fieldset ?disabled=${this.locked} aria-describedby="choice">
          <legend class="caption">Choice</legend>
          ${this.#radio("choice", "greedy", !sampling, { sampling: undefined })}
          ${this.#radio("choice", "sampled", !!sampling, { sampling: sampling ?? SAMPLING })}
          ${sampling ? this.#sampling(sampling) : nothing}
        </fieldset>
        <p id="choice" class="note">
          ${
            sampling
              ? "The next token is drawn, each of the top k as often as its probability at this temperature says. The same seed draws the same text."
              : "The likeliest token is taken, as the notebook's argmax does: the same prompt always gives the same text."
          }
        </p>
      </div>
      <div>
        <label class="caption">
          <input
            type="checkbox"
            .checked=${stopAtEndOfText}
            ?disabled=${this.locked}
            aria-describedby="end"
            @change=${(event: Event) => this.#tell({ stopAtEndOfText: (event.target as HTMLInputElement).checked })}
          />
          Stop at &lt;|endoftext|&gt;
        </label>
        <p id="end" class="note">
          ${
            stopAtEndOfText
              ? "A run ends when every row has said token 50256, with which GPT-2 learned that texts end."
              : "Token 50256 is a token like any other; the notebook's loop goes on after it."
          }
        </p>
      </div>
    `;
  }

  #radio(name: string, label: string, checked: boolean, change: Partial<Switched>) {
    return html`<label>
      <input type="radio" name=${name} .checked=${checked} @change=${() => this.#tell(change)} />${label}
    </label>`;
  }

  #sampling(sampling: Sampling) {
    const number = (
      label: string,
      key: keyof Sampling,
      least: number,
      most: number,
      step: string,
    ) => html`<label>
      <span id=${key}>${label}</span>
      <input
        type="number"
        aria-labelledby=${key}
        min=${least}
        max=${most}
        step=${step}
        .value=${String(sampling[key] ?? this.vocab_size)}
        @change=${(event: Event) => this.#numbered(event.target as HTMLInputElement, sampling, key)}
      />
    </label>`;
    return html`${number("temperature", "temperature", 0.01, 100, "any")}
    ${number("top k", "topK", 1, this.vocab_size, "1")} ${number("seed", "seed", 0, 4294967295, "1")}`;
  }

  #numbered(input: HTMLInputElement, sampling: Sampling, key: keyof Sampling) {
    if (input.checkValidity() && input.value !== "")
      this.#tell({ sampling: { ...sampling, [key]: input.valueAsNumber } });
    else input.value = String(sampling[key] ?? this.vocab_size);
  }

  #tell(detail: Partial<Switched>) {
    this.dispatchEvent(new CustomEvent("switch-change", { detail }));
  }
}

define("next-token-switches", Switches);
