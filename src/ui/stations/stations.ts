import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { GPT_CONFIG_124M } from "../../config.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { formatCount } from "../../lesson/format.ts";
import type { Iteration } from "../../lesson/iteration.ts";
import type { Station } from "../../lesson/playhead.ts";
import { base } from "../design/base.css.ts";
import { headStyles } from "../design/head.css.ts";
import { chipStyles } from "../design/token-chip.ts";
import { define } from "../element/define.ts";
import { stationValue } from "./station-values.ts";

interface Plan {
  name: string;
  code: string;
  /** What happens here, until it has. */
  promise: string;
}

const plans = (isSampled: boolean): Plan[] => [
  {
    name: "Input ids",
    code: "idx_cond = idx[:, -context_size:]",
    promise: "The last tokens of the text, as many as the model reads at once.",
  },
  {
    name: "Model",
    code: "logits = model(idx_cond)",
    promise: "One forward pass scores every token of the vocabulary, at every position.",
  },
  {
    name: "Last row, softmax",
    code: "probabs = softmax(logits[:, -1, :])",
    promise: "The logits of the last position alone become probabilities.",
  },
  isSampled
    ? {
        name: "Draw",
        code: "idx_next = multinomial(probabs, 1)",
        promise: "A token is drawn, each as often as its probability says.",
      }
    : {
        name: "Argmax",
        code: "idx_next = argmax(probabs)",
        promise: "The id of the largest is the next token.",
      },
  {
    name: "Decode",
    code: "tokenizer.decode(idx_next)",
    promise: "The id stands for some bytes, and these for characters or parts of one.",
  },
  {
    name: "Append",
    code: "idx = cat((idx, idx_next), dim=1)",
    promise: "The new token joins the row, which is now one longer.",
  },
  { name: "Again", code: "for _ in range(max_new_tokens)", promise: "The longer row goes in again." },
];

/**
 * The seven stations of one iteration of the loop, in the notebook's order, with the live shape and value of each.
 * Fires `station-show` with the number of a station that is pressed.
 */
export class Stations extends LitElement {
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  @property({ attribute: false }) accessor iteration: Iteration | undefined;
  @property({ attribute: false }) accessor vocab_size: number = GPT_CONFIG_124M.vocab_size;
  @property({ attribute: false }) accessor isSampled = false;

  static override styles = [
    base,
    headStyles,
    chipStyles,
    css`
      li {
        display: grid;
        grid-template:
          "button code shape" auto
          "button value value" minmax(calc(1.625 * var(--nt-em)), auto)
          / calc(11 * var(--nt-em)) minmax(0, 1fr) auto;
        gap: 0 var(--nt-space-3);
        align-items: center;
        padding-block: calc(0.1875 * var(--nt-em));
        padding-inline: var(--nt-space-2);
        border-block-start: 1px solid var(--nt-line);
        border-inline-start: calc(0.25 * var(--nt-em)) solid var(--nt-clear);
        font-size: var(--nt-text-s);
      }

      li.now {
        background: var(--nt-wash);
        border-inline-start-color: var(--nt-ink);
      }

      li.now .chip {
        background: var(--nt-paper);
      }

      li.now .decided .chip {
        background: var(--nt-accent);
      }

      button {
        grid-area: button;
        display: flex;
        gap: var(--nt-space-2);
        align-items: baseline;
        min-block-size: calc(1.75 * var(--nt-em));
        padding: 0;
        background: none;
        border: 0;
        font-size: var(--nt-text-s);
        font-weight: 600;
        text-align: start;
      }

      button:hover:not([aria-disabled="true"]) .name {
        text-decoration: underline;
      }

      button[aria-disabled="true"] {
        font-weight: 400;
      }

      .number {
        min-inline-size: 1em;
        color: var(--nt-soft);
        font-weight: 400;
        font-variant-numeric: tabular-nums;
      }

      .code {
        grid-area: code;
        overflow: hidden;
        color: var(--nt-soft);
        font-size: max(0.8125 * var(--nt-em), 12px);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .shape {
        grid-area: shape;
        font-size: max(0.8125 * var(--nt-em), 12px);
        white-space: nowrap;
      }

      .ahead .shape {
        color: var(--nt-soft);
      }

      .value {
        grid-area: value;
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-3);
        align-items: center;
        min-inline-size: 0;
        overflow: hidden;
        overflow-wrap: anywhere;
        font-variant-numeric: tabular-nums;
        line-height: 1.35;
      }

      .soft,
      .ahead .value {
        color: var(--nt-soft);
      }

      /* One line, so that the stations below do not jump; what does not fit is cut off in front. */
      .chips {
        display: inline-flex;
        gap: var(--nt-space-1);
        align-items: center;
        justify-content: flex-end;
        min-inline-size: 0;
        overflow: hidden;
        white-space: nowrap;
      }

      .chips > * {
        flex: none;
      }

      .chip {
        flex-direction: row;
        gap: calc(0.375 * var(--nt-em));
        align-items: baseline;
        min-inline-size: 0;
        padding: 0 calc(0.3125 * var(--nt-em));
      }

      .chip-text {
        font-size: max(0.8125 * var(--nt-em), 12px);
      }

      .text {
        font-family: var(--nt-mono);
        quotes: "“" "”";
        white-space: pre-wrap;
      }

      .strip {
        display: flex;
        flex: 1 1 calc(12 * var(--nt-em));
        gap: var(--nt-space-2);
        align-items: center;
      }

      .strip span {
        white-space: nowrap;
      }

      .logit-strip {
        flex: 1;
        inline-size: 0;
        min-inline-size: calc(6 * var(--nt-em));
        block-size: calc(1.25 * var(--nt-em));
        border-block-end: 1px solid var(--nt-edge);
      }

      rect {
        fill: var(--nt-bar);
      }

      /* As many lines as what stands there in any state, so that the stations below do not jump. */
      @container (max-width: 46em) {
        .value {
          block-size: calc(2 * 1.35em + 2px);
          overflow: hidden auto;
        }
      }

      @container (max-width: 36em) {
        .head .note {
          flex-basis: 100%;
        }
      }

      @container (max-width: 22em) {
        .head .note {
          min-block-size: 2.9em;
        }

        .value {
          block-size: calc(3 * 1.35em + 2px);
        }
      }

      @container (max-width: 18em) {
        button {
          min-block-size: 2.9em;
        }

        .value {
          block-size: calc(4 * 1.35em + 2px);
        }
      }

      @container (max-width: 34em) {
        li {
          grid-template:
            "button shape" auto
            "code code" auto
            "value value" auto
            / minmax(0, 1fr) auto;
        }
      }
    `,
  ];

  override render() {
    const { iteration } = this;
    return html`
      <div class="head">
        <h2 class="caption">The loop, station by station</h2>
        <p class="note">${iteration ? `Iteration ${formatCount(iteration.step + 1)} of ${formatCount(iteration.target)}` : "Press Step to walk through one iteration, or Play."}</p>
      </div>
      <ol>
        ${plans(this.isSampled).map((plan, i) => this.#station(plan, (i + 1) as Station))}
      </ol>
    `;
  }

  #station({ name, code, promise }: Plan, station: Station) {
    const { iteration, tokenizer } = this;
    const reached = iteration !== undefined && tokenizer !== undefined && iteration.station >= station;
    const state = !reached ? "ahead" : iteration.station === station ? "now" : "done";
    const canShow = iteration?.isRecorded === true; // one that lies ahead in this iteration was perhaps walked before
    return html`<li class=${state} aria-current=${state === "now" ? "step" : nothing}>
      <button
        aria-disabled=${canShow ? "false" : "true"}
        @click=${() => canShow && this.dispatchEvent(new CustomEvent("station-show", { detail: station }))}
      >
        <span translate="no" class="number">${station}</span><span class="name">${name}</span>
      </button>
      <code translate="no" class="code" title=${code}>${code}</code>
      <code translate="no" class="shape">${this.#shape(station)}</code>
      <div class="value">${reached ? stationValue(station, iteration, tokenizer) : promise}</div>
    </li>`;
  }

  #shape(station: Station): string {
    const { iteration, vocab_size } = this;
    const B = iteration?.batch ?? "B";
    const T = iteration ? iteration.ids.length - iteration.dropped : "T";
    const grown = iteration ? iteration.ids.length + 1 : "T + 1";
    const shapes = {
      1: `[${B}, ${T}]`,
      2: `[${B}, ${T}, ${vocab_size}]`,
      3: `[${B}, ${vocab_size}]`,
      4: `[${B}, 1]`,
      5: "text",
      6: `[${B}, ${grown}]`,
      7: "",
    };
    return shapes[station];
  }
}

define("next-token-stations", Stations);
