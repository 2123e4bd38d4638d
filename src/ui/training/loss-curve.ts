import { css, html, LitElement, svg } from "lit";
import { property } from "lit/decorators.js";
import { type Losses, type LossPoint, lossCurve } from "../../lesson/small-model/record.ts";
import { snapshotSteps } from "../../lesson/small-model/snapshots.ts";
import { base } from "../design/base.css.ts";
import { properties } from "../design/properties.ts";
import { define } from "../element/define.ts";

/** The scale of losses is a logarithm's: most of the way is made in the first steps. */
const [LEAST, MOST] = [0.7, 14];
/** Losses that are marked at the side. */
const marked = [1, 3, 10];
const WIDTH = 1000;
const HEIGHT = 100;

const y = (loss: number) => HEIGHT * (1 - Math.log(loss / LEAST) / Math.log(MOST / LEAST));

/** Where `step` lies between the snapshots, which stand at equal distances as on the slider, 0 to WIDTH. */
function x(step: number): number {
  const next = snapshotSteps.findIndex((snapshot) => snapshot >= step);
  const [from, to] = [snapshotSteps[Math.max(0, next - 1)]!, snapshotSteps[next]!];
  const share = to > from ? (step - from) / (to - from) : 0;
  return (WIDTH * (Math.max(0, next - 1) + share)) / (snapshotSteps.length - 1);
}

const path = (share: keyof Losses) =>
  lossCurve.map((point: LossPoint) => `${x(point.step).toFixed(1)},${y(point[share]).toFixed(1)}`).join(" ");

/** The loss over the steps of training, above the slider that chooses one. What it says stands in a table, too. */
export class LossCurve extends LitElement {
  /** The step that is looked at. */
  @property({ attribute: false }) accessor step = 0;

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) var(--marks);
        color: var(--nt-soft);
        font-size: var(--nt-text-xs);
        font-variant-numeric: tabular-nums;
      }

      svg {
        display: block;
        inline-size: 100%;
        block-size: calc(4.5 * var(--nt-em));
        overflow: visible;
      }

      line,
      polyline {
        fill: none;
        vector-effect: non-scaling-stroke;
      }

      .grid {
        stroke: var(--nt-line);
      }

      .seen {
        stroke: var(--nt-bar);
        stroke-width: 2px;
      }

      .held-out {
        stroke: var(--nt-heat);
        stroke-width: 2px;
        stroke-dasharray: 5 3;
      }

      .here {
        stroke: var(--nt-ink);
        stroke-width: 1px;
      }

      .marks {
        position: relative;
      }

      .mark {
        position: absolute;
        inset-block-start: var(--at);
        inset-inline-start: var(--nt-space-2);
        line-height: 1;
        transform: translateY(-50%);
      }
    `,
  ];

  override render() {
    const here = x(this.step);
    return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
      ${marked.map((loss) => svg`<line class="grid" x1="0" x2=${WIDTH} y1=${y(loss)} y2=${y(loss)}></line>`)}
      ${svg`<polyline class="seen" points=${path("seen_share")}></polyline>
      <polyline class="held-out" points=${path("held_out")}></polyline>
      <line class="here" x1=${here} x2=${here} y1="0" y2=${HEIGHT}></line>`}
    </svg>
    <div class="marks" aria-hidden="true" translate="no">
      ${marked.map((loss) => html`<span class="mark" ${properties({ "--at": `${y(loss)}%` })}>${loss}</span>`)}
    </div>`;
  }
}

define("next-token-loss-curve", LossCurve);
