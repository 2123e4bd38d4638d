import { css, html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import { GPT_CONFIG_124M, type GPTConfig, type HeadOfLayer } from "../../config.ts";
import type { Inspection } from "../../index.ts";
import { isAway } from "../../lesson/ablate.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { base } from "../design/base.css.ts";
import { properties } from "../design/properties.ts";
import { define } from "../element/define.ts";
import type { PanelState } from "../element/panel-state.ts";
import type { Head } from "./attention-grid.ts";
import { opacityOf } from "./heat.ts";
import type { Module } from "./model-outline.ts";
import "./attention-grid.ts";
import "./attention-map.ts";
import "./head-switch.ts";
import "./logit-lens.ts";
import "./model-diagram.ts";
import "./query-reading.ts";
import "./residual-norms.ts";

/**
 * What the model held while it read the text: attention, the residual stream, the logit lens. Computes nothing itself:
 * fires `inspect-wanted`, and shows the `inspection` that it is given. `module-chosen` comes from the diagram, and
 * `ablate-change`, with the heads that are to be away, from the switch beside a head.
 */
export class InsideModel extends LitElement {
  @property({ attribute: false }) accessor inspection: Inspection | undefined;
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  @property({ attribute: false }) accessor state: PanelState = "closed";
  @property({ attribute: false }) accessor config: GPTConfig = GPT_CONFIG_124M;
  /** The shape of what the model reads, [B, T]. */
  @property({ attribute: false }) accessor input: readonly [B: number, T: number] = [1, 1];
  /** Whether nobody has trained the weights. */
  @property({ attribute: false }) accessor isRandom = false;
  /** The heads that are away from what is computed next. */
  @property({ attribute: false }) accessor ablate: readonly HeadOfLayer[] = [];
  /** Whether the page around the element has fixed which heads are away. */
  @property({ attribute: false }) accessor locked = false;
  /** Whether the page shows another text or row than was looked at, or other heads are away. */
  @property({ attribute: false }) accessor isOutdated = false;
  @state() accessor chosen: Head = { layer: 0, head: 0 };
  /** The token that looks, among those shown; undefined for the last. */
  @state() accessor query: number | undefined;

  /** Where somebody wants to be led once it is there. */
  #wanted: "attention" | "lens" | undefined;

  static override styles = [
    base,
    css`
      :host,
      section,
      .large,
      .streams {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
      }

      :host {
        gap: var(--nt-space-6);
        container-type: inline-size;
      }

      section {
        gap: var(--nt-space-3);
      }

      .streams {
        gap: var(--nt-space-6);
      }

      .opening {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-2) var(--nt-space-4);
        align-items: center;
      }

      .opening .note {
        flex: 1 1 calc(24 * var(--nt-em));
      }

      .outdated {
        color: var(--nt-ink);
        font-weight: 600;
      }

      .attention {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-4) var(--nt-space-6);
        align-items: start;
      }

      .large {
        gap: var(--nt-space-2);
      }

      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-2);
        align-items: center;
        font-size: var(--nt-text-xs);
      }

      .scale {
        display: flex;
        inline-size: calc(8 * var(--nt-em));
        block-size: calc(0.75 * var(--nt-em));
        border: 1px solid var(--nt-line);
      }

      .scale span {
        flex: 1;
        background: var(--nt-heat);
        forced-color-adjust: none;
      }

      @container (min-width: 54em) {
        .attention {
          grid-template-columns: minmax(calc(16 * var(--nt-em)), 5fr) minmax(0, 7fr);
        }

        .streams {
          grid-template-columns: minmax(0, 1fr) minmax(0, 2fr);
        }
      }
    `,
  ];

  override render() {
    return html`${this.#diagram()} ${this.#opening()} ${this.inspection && this.state === "ready" ? this.#findings(this.inspection) : ""}`;
  }

  #diagram() {
    return html`<section aria-labelledby="diagram">
      <h2 id="diagram" class="caption">GPTModel</h2>
      <next-token-diagram
        .config=${this.config}
        .input=${this.input}
        .layer=${this.chosen.layer}
        @layer-chosen=${({ detail }: CustomEvent<number>) => this.#lead("attention", { layer: detail, head: 0 })}
        @module-chosen=${({ detail }: CustomEvent<Module>) => this.dispatchEvent(new CustomEvent("module-chosen", { detail }))}
        @lens-wanted=${() => this.#lead("lens")}
      ></next-token-diagram>
    </section>`;
  }

  /** Leads to the attention of a head. */
  showHead(head: Head): void {
    this.#lead("attention", head);
  }

  /** To a section of what was found; where nothing was looked at so far, somebody is asked to look. */
  #lead(section: "attention" | "lens", chosen = this.chosen) {
    this.chosen = chosen;
    this.#wanted = section;
    if (this.inspection && this.state === "ready") this.requestUpdate();
    else this.#ask();
  }

  protected override updated() {
    const section = this.#wanted && this.renderRoot.querySelector<HTMLElement>(`#${this.#wanted}`);
    if (!section) return;
    this.#wanted = undefined;
    section.scrollIntoView({ block: "start" });
    section.focus({ preventScroll: true });
  }

  #opening() {
    const waiting = this.state === "waiting";
    return html`<div class="opening">
      <button type="button" aria-disabled=${waiting} @click=${this.#ask}>
        ${waiting ? "Looking …" : this.state === "ready" ? "Look again" : "Look inside"}
      </button>
      ${this.isOutdated && this.state === "ready" ? outdated : about}
    </div>`;
  }

  #findings(inspection: Inspection) {
    const { ids, firstPosition, n_layers, n_heads } = inspection;
    const layer = Math.min(this.chosen.layer, n_layers - 1);
    const head = Math.min(this.chosen.head, n_heads - 1);
    const query = Math.min(this.query ?? ids.length - 1, ids.length - 1);
    return html`
      <section aria-labelledby="attention">
        <h2 id="attention" class="caption" tabindex="-1">Attention: which tokens each token looks at</h2>
        ${
          firstPosition > 0
            ? html`<p class="note">
                The last ${ids.length} tokens are shown, from position ${firstPosition} on; the model read all of them.
              </p>`
            : ""
        }
        <div class="attention">
          <div class="large">
            <p class="note">
              ${counted(n_layers, "layer")}, ${counted(n_heads, "head")} each; a row of each square is a token that looks, a column one that is
              looked at.
            </p>
            <next-token-attention-grid
              .inspection=${inspection}
              .layer=${layer}
              .head=${head}
              .ablate=${this.ablate}
              @head-chosen=${this.#chooseHead}
            ></next-token-attention-grid>
            ${this.#legend()}
          </div>
          <div class="large">
            <p class="caption">Layer ${layer}, head ${head}${isAway(this.ablate, layer, head) ? ", taken away" : ""}</p>
            <next-token-head-switch
              .layer=${layer}
              .head=${head}
              .ablate=${this.ablate}
              .locked=${this.locked}
              @ablate-change=${({ detail }: CustomEvent<readonly HeadOfLayer[]>) => this.dispatchEvent(new CustomEvent("ablate-change", { detail }))}
            ></next-token-head-switch>
            <next-token-attention-map
              .inspection=${inspection}
              .tokenizer=${this.tokenizer}
              .layer=${layer}
              .head=${head}
              .query=${query}
              @query-chosen=${this.#chooseQuery}
            ></next-token-attention-map>
            <p class="note">Down: the token that looks (query). Across: the token that it looks at (key).</p>
            <p class="note">${maskSentence[inspection.mask]}${this.isRandom ? ` ${randomSentence}` : ""}</p>
            <next-token-query-reading
              .inspection=${inspection}
              .tokenizer=${this.tokenizer}
              .layer=${layer}
              .head=${head}
              .query=${query}
            ></next-token-query-reading>
          </div>
        </div>
      </section>
      <div class="streams">
        <section aria-labelledby="norms">
          <h2 id="norms" class="caption">The residual stream: how long a token's vector is</h2>
          <p class="note">Each block adds to the vector of every token. Its length is the L2 norm, over emb_dim.</p>
          <next-token-residual-norms .inspection=${inspection}></next-token-residual-norms>
        </section>
        <section aria-labelledby="lens">
          <h2 id="lens" class="caption" tabindex="-1">The logit lens: what each layer would have said</h2>
          <p class="note">
            The last token's vector as each block leaves it, sent through <code translate="no">final_norm</code> and
            <code translate="no">out_head</code>, as if the model ended there: the five likeliest tokens, each over its probability. The line marks where its final answer leads for the first time.
          </p>
          <next-token-lens
            .inspection=${inspection}
            .tokenizer=${this.tokenizer}
            .layer=${layer}
          ></next-token-lens>
        </section>
      </div>
    `;
  }

  #legend() {
    const steps = Array.from({ length: 16 }, (_, i) => (i / 15) ** 2);
    return html`<p class="legend" aria-hidden="true">
      <span>weight 0</span>
      <span class="scale">${steps.map((weight) => html`<span ${properties({ opacity: opacityOf(weight) })}></span>`)}</span>
      <span>1, by its square root; blank where the mask hides the key</span>
    </p>`;
  }

  #ask() {
    if (this.state !== "waiting") this.dispatchEvent(new CustomEvent("inspect-wanted"));
  }

  #chooseHead(event: CustomEvent<Head>) {
    this.chosen = event.detail;
  }

  #chooseQuery(event: CustomEvent<number>) {
    this.query = event.detail;
  }
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

const about = html`<p class="note">
  The forward pass of this iteration once more, with a few kernels that keep what is otherwise overwritten. While nobody looks,
  none of this is computed.
</p>`;

const outdated = html`<p class="note outdated">
  What is shown is of an earlier text, of another row, or with other heads. Look again for the one that the page shows now.
</p>`;

const randomSentence =
  "These weights are random, so attention is nearly even: a random query agrees with no key more than with another, " +
  "their scores are all near 0, and the softmax of nearly equal scores is nearly the same for all.";

const maskSentence = {
  causal:
    "The causal mask hides what comes later, so each row ends at the diagonal: a triangle. In the notebook the mask never " +
    "takes effect; with the switch at none, the other half fills, too.",
  none:
    "This is what the notebook's missing mask looks like: the half right of the diagonal is filled, each token also looks " +
    "at those after it. With the causal mask only the lower triangle is left.",
};

define("next-token-inside", InsideModel);

declare global {
  interface HTMLElementTagNameMap {
    "next-token-inside": InsideModel;
  }
}
