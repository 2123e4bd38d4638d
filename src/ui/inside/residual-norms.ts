import { css, html, LitElement, svg } from "lit";
import { property } from "lit/decorators.js";
import type { Inspection } from "../../index.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import { axisEnd, type NormRow, normRows } from "./norm-summary.ts";

/** The drawing's own units. */
const width = 480;
const height = 180;
const margin = { left: 40, right: 12, top: 10, bottom: 44 };

/** How long the residual stream's vectors are, from the embedding to the last block: a chart, and its table. */
export class ResidualNorms extends LitElement {
  @property({ attribute: false }) accessor inspection: Inspection | undefined;

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        container-type: inline-size;
        gap: var(--nt-space-2);
      }

      svg {
        inline-size: 100%;
        max-inline-size: calc(44 * var(--nt-em));
        block-size: auto;
        font-family: var(--nt-sans);
        font-size: 11px;
      }

      @container (max-width: 24em) {
        svg {
          font-size: 16px; /* the drawing shrinks, its letters should not */
        }
      }

      text {
        fill: var(--nt-soft);
      }

      .axis {
        stroke: var(--nt-line);
      }

      .spread {
        fill: var(--nt-bar);
        opacity: 0.3;
      }

      polyline {
        fill: none;
        stroke-linejoin: round;
      }

      .mean {
        stroke: var(--nt-bar);
        stroke-width: 2;
        stroke-dasharray: 5 3;
      }

      .last {
        stroke: var(--nt-ink);
        stroke-width: 2;
      }

      circle {
        fill: var(--nt-ink);
      }

      summary {
        font-size: var(--nt-text-s);
        cursor: pointer;
      }

      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 0 var(--nt-space-4);
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
      }

      .key svg {
        inline-size: calc(2 * var(--nt-em));
        block-size: calc(0.75 * var(--nt-em));
        vertical-align: calc(-0.125 * var(--nt-em));
      }

      .scroll {
        max-block-size: calc(60 * var(--nt-em));
        overflow: auto;
      }

      table {
        border-collapse: collapse;
        font-size: var(--nt-text-s);
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: calc(0.0625 * var(--nt-em)) var(--nt-space-3) calc(0.0625 * var(--nt-em)) 0;
        font-weight: 400;
        text-align: end;
      }

      th[scope="row"] {
        text-align: start;
      }

      thead th {
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
      }
    `,
  ];

  override render() {
    if (!this.inspection) return undefined;
    const rows = normRows(this.inspection);
    return html`
      ${this.#chart(rows)}
      <p class="key" aria-hidden="true">
        <span>${this.#swatch("last")} the last token</span>
        <span>${this.#swatch("mean")} mean of the tokens</span>
        <span>${this.#swatch("spread")} from the shortest to the longest</span>
      </p>
      <details>
        <summary>The lengths as a table</summary>
        ${this.#table(rows)}
      </details>
    `;
  }

  #chart(rows: readonly NormRow[]) {
    const end = axisEnd(Math.max(...rows.map(({ most }) => most)));
    const x = (depth: number) =>
      margin.left + (depth / Math.max(1, rows.length - 1)) * (width - margin.left - margin.right);
    const y = (norm: number) => height - margin.bottom - (norm / end) * (height - margin.top - margin.bottom);
    const line = (of: (row: NormRow) => number) => rows.map((row, i) => `${x(i)},${y(of(row))}`).join(" ");
    const least = rows.map((row, i) => `${x(i)},${y(row.least)}`).reverse();
    const every = Math.ceil(rows.length / 13);
    const [first, last] = [rows[0]!, rows.at(-1)!];
    return html`<svg
      translate="no"
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="Length of the last token's vector: ${first.last.toFixed(1)} after the embedding, ${last.last.toFixed(1)} after the last block. The values are in the table below."
    >
      ${[0, end / 2, end].map(
        (
          norm,
        ) => svg`<line class="axis" x1=${margin.left} x2=${width - margin.right} y1=${y(norm)} y2=${y(norm)} />
          <text x=${margin.left - 6} y=${y(norm) + 4} text-anchor="end">${norm}</text>`,
      )}
      <polygon class="spread" points="${line(({ most }) => most)} ${least.join(" ")}" />
      <polyline class="mean" points=${line(({ mean }) => mean)} />
      <polyline class="last" points=${line(({ last }) => last)} />
      ${rows.map(({ last }, i) => svg`<circle cx=${x(i)} cy=${y(last)} r="3" />`)}
      ${rows.map((_, i) =>
        i % every === 0
          ? svg`<text x=${x(i)} y=${height - margin.bottom + 18} text-anchor="middle">${i === 0 ? "emb" : i - 1}</text>`
          : "",
      )}
      <text x=${width - margin.right} y=${height - 4} text-anchor="end">after the embedding, then after each block</text>
    </svg>`;
  }

  #swatch(name: "last" | "mean" | "spread") {
    return html`<svg viewBox="0 0 32 12" aria-hidden="true">
      ${
        name === "spread"
          ? svg`<rect class="spread" width="32" height="12" />`
          : svg`<polyline class=${name} points="0,6 32,6" />`
      }
    </svg>`;
  }

  #table(rows: readonly NormRow[]) {
    return html`<div class="scroll" tabindex="0" role="region" aria-label="The lengths"><table>
      <thead>
        <tr>
          <th scope="col">After</th>
          <th scope="col">last token</th>
          <th scope="col">mean</th>
          <th scope="col">shortest</th>
          <th scope="col">longest</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, last, mean, least, most }) => html`<tr>
            <th scope="row">${name}</th>
            ${[last, mean, least, most].map((norm) => html`<td translate="no">${norm.toFixed(2)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table></div>`;
  }
}

define("next-token-residual-norms", ResidualNorms);
