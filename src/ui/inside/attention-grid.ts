import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import type { HeadOfLayer } from "../../config.ts";
import type { Inspection } from "../../index.ts";
import { isAway } from "../../lesson/ablate.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import { drawHeat, heatStyles } from "./heat.ts";

/** Which attention pattern: layer and head, from 0, as PyTorch counts them. */
export interface Head {
  layer: number;
  head: number;
}

const moves: Readonly<Record<string, readonly [layers: number, heads: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

const within = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));

const cross = html`<svg class="cross" viewBox="0 0 8 8" preserveAspectRatio="none" aria-hidden="true">
  <path d="M0 0 8 8 M8 0 0 8" vector-effect="non-scaling-stroke" />
</svg>`;

/** The attention of every layer and head, small. One is chosen, by a click or the arrow keys: fires `head-chosen`. */
export class AttentionGrid extends LitElement {
  @property({ attribute: false }) accessor inspection: Inspection | undefined;
  @property({ attribute: false }) accessor layer = 0;
  @property({ attribute: false }) accessor head = 0;
  /** Heads that are taken away: crossed out. */
  @property({ attribute: false }) accessor ablate: readonly HeadOfLayer[] = [];

  static override styles = [
    base,
    heatStyles,
    css`
      .grid {
        display: grid;
        gap: calc(0.125 * var(--nt-em));
        max-inline-size: calc(34 * var(--nt-em));
        max-block-size: calc(60 * var(--nt-em));
        padding: calc(0.25 * var(--nt-em)) calc(0.25 * var(--nt-em)) calc(0.25 * var(--nt-em)) 0;
        overflow: auto;
      }

      /* A column for the layer and one a head, however many; a square of few heads grows no larger than one of twelve. */
      [role="row"] {
        display: grid;
        grid-auto-columns: minmax(0, calc(2.75 * var(--nt-em)));
        grid-auto-flow: column;
        grid-template-columns: calc(1.5 * var(--nt-em));
        gap: calc(0.125 * var(--nt-em));
        align-items: center;
      }

      [role="columnheader"],
      [role="rowheader"] {
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
        font-variant-numeric: tabular-nums;
        text-align: center;
      }

      button {
        position: relative;
        display: block;
        inline-size: 100%;
        min-block-size: 0;
        padding: 0;
        border-color: var(--nt-line);
        border-radius: 0;
      }

      [aria-selected="true"] button {
        outline: 2px solid var(--nt-ink);
        outline-offset: 0;
      }

      [aria-selected="true"] button:focus-visible {
        outline-offset: 2px;
      }

      .away {
        border-color: var(--nt-edge);
        border-style: dashed;
      }

      .cross {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        stroke: currentColor;
        stroke-width: 1.5;
      }

      canvas {
        inline-size: 100%;
        aspect-ratio: 1;
      }
    `,
  ];

  override render() {
    if (!this.inspection) return undefined;
    const { n_layers, n_heads } = this.inspection;
    const layers = Array.from({ length: n_layers }, (_, layer) => layer);
    const heads = Array.from({ length: n_heads }, (_, head) => head);
    return html`<div
      class="grid heat"
      role="grid"
      aria-label="Attention of every layer and head"
      @keydown=${this.#move}
      @transitionend=${this.#draw}
    >
      <div role="row">
        <span role="columnheader"><span class="visually-hidden">Layer</span></span>
        ${heads.map((head) => html`<span role="columnheader" aria-label="Head ${head}">${head}</span>`)}
      </div>
      ${layers.map(
        (layer) => html`<div role="row">
          <span role="rowheader" aria-label="Layer ${layer}">${layer}</span>
          ${heads.map((head) => this.#cell(layer, head))}
        </div>`,
      )}
    </div>`;
  }

  #cell(layer: number, head: number) {
    const chosen = layer === this.layer && head === this.head;
    const away = isAway(this.ablate, layer, head);
    return html`<div role="gridcell" aria-selected=${chosen}>
      <button
        type="button"
        class=${away ? "away" : ""}
        tabindex=${chosen ? 0 : -1}
        aria-label="Layer ${layer}, head ${head}${away ? ", taken away" : ""}"
        @click=${() => this.#choose({ layer, head })}
      >
        <canvas></canvas>
        ${away ? cross : nothing}
      </button>
    </div>`;
  }

  override updated(changed: Map<PropertyKey, unknown>) {
    if (changed.has("inspection")) this.#draw();
    // The keyboard's focus follows what is chosen.
    if (this.shadowRoot!.activeElement)
      this.renderRoot.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
  }

  #draw() {
    if (!this.inspection) return;
    const { ids, mask, n_heads, attention } = this.inspection;
    for (const [i, canvas] of this.renderRoot.querySelectorAll("canvas").entries())
      drawHeat(canvas, attention(Math.floor(i / n_heads), i % n_heads), ids.length, mask);
  }

  #choose(detail: Head) {
    this.dispatchEvent(new CustomEvent<Head>("head-chosen", { detail }));
  }

  #move(event: KeyboardEvent) {
    const move = moves[event.key];
    if (!move || !this.inspection || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const { n_layers, n_heads } = this.inspection;
    this.#choose({
      layer: within(this.layer + move[0], n_layers),
      head: within(this.head + move[1], n_heads),
    });
  }
}

define("next-token-attention-grid", AttentionGrid);
