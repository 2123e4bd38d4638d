import { css, html, svg, type TemplateResult } from "lit";
import type { Candidate } from "../../index.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { formatLogit, formatProbability } from "../../lesson/format.ts";
import { visible } from "../design/token-chip.ts";

const WIDTH = 640;
const ROW = 26;
const TOP = 34;

/** The ten likeliest as one picture, to be saved: what the table shows, without the page around it. */
export function candidatesChart(
  top: readonly Candidate[],
  chosen: number,
  tokenizer: Pick<PageTokenizer, "bytes">,
): TemplateResult {
  const height = TOP + ROW * top.length + 8;
  const most = top[0]!.probability;
  const row = ({ id, logit, probability }: Candidate, i: number) => {
    const y = TOP + i * ROW;
    return svg`<g class=${id === chosen ? "decided" : ""}>
      <text x="8" y=${y + 17}>${shortened(visible(tokenizer, id))} <tspan class="soft">${id}</tspan></text>
      <rect x="220" y=${y + 4} width=${(230 * probability) / most} height=${ROW - 8}></rect>
      <text x="540" y=${y + 17} text-anchor="end">${formatProbability(probability)}</text>
      <text x="632" y=${y + 17} text-anchor="end">${formatLogit(logit)}</text>
    </g>`;
  };
  return html`<svg
    translate="no"
    class="picture"
    role="img"
    aria-label="The ten likeliest next tokens, as a picture to save"
    viewBox=${`0 0 ${WIDTH} ${height}`}
  >
    ${svg`<text class="soft" x="8" y="20">token and id</text>
      <text class="soft" x="540" y="20" text-anchor="end">probability</text>
      <text class="soft" x="632" y="20" text-anchor="end">logit</text>
      ${top.map(row)}`}
  </svg>`;
}

const shortened = (text: string) => (text.length > 18 ? `${text.slice(0, 17)}…` : text);

export const chartStyles = css`
  .picture {
    inline-size: 100%;
    max-inline-size: calc(40 * var(--nt-em));
    border: 1px solid var(--nt-line);
    border-radius: var(--nt-radius);
    font-family: var(--nt-mono);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }

  .picture text {
    fill: var(--nt-ink);
  }

  .picture .soft {
    fill: var(--nt-soft);
  }

  .picture rect {
    fill: var(--nt-bar);
  }

  .picture .decided text {
    font-weight: 600;
  }

  .picture .decided rect {
    fill: var(--nt-accent);
  }
`;
