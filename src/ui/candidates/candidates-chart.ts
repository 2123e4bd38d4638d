import { css, html, svg, type TemplateResult } from "lit";
import type { Candidate } from "../../index.ts";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { drawnProbability } from "../../lesson/draw.ts";
import { formatLogit, formatProbability } from "../../lesson/format.ts";
import type { IterationResult } from "../../lesson/iteration.ts";
import { visible } from "../design/token-chip.ts";

const WIDTH = 640;
const ROW = 26;
const TOP = 58;

/**
 * The ten likeliest as one picture, to be saved: what the table shows, without the page around it.
 * @param about what it is of: the prompt, the model and the iteration
 */
export function candidatesChart(
  { top, chosen, draw }: Pick<IterationResult, "top" | "chosen" | "draw">,
  about: string,
  tokenizer: Pick<PageTokenizer, "bytes">,
): TemplateResult {
  const isBelow = top.every(({ id }) => id !== chosen.id);
  const rows = isBelow ? [...top, chosen] : top;
  const height = TOP + ROW * rows.length + 8;
  const probabilityOf = (candidate: Candidate) =>
    draw ? drawnProbability(candidate.logit, draw) : candidate.probability;
  const most = probabilityOf(top[0]!);
  const row = (candidate: Candidate, i: number) => {
    const { id, logit } = candidate;
    const probability = probabilityOf(candidate);
    const y = TOP + i * ROW;
    return svg`<g class=${id === chosen.id ? "decided" : ""}>
      <text x="8" y=${y + 17}>${shortened(visible(tokenizer, id))} <tspan class="soft">${id}${isBelow && candidate === chosen && draw ? ` · rank ${draw.rank + 1}` : ""}</tspan></text>
      <rect x="220" y=${y + 4} width=${(230 * probability) / most} height=${ROW - 8}></rect>
      <text x="540" y=${y + 17} text-anchor="end">${draw && logit < draw.min_val ? "left out" : formatProbability(probability)}</text>
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
    ${svg`<text x="8" y="20">${shortened(about, 80)}</text>
      <text class="soft" x="8" y="44">token and id</text>
      <text class="soft" x="540" y="44" text-anchor="end">${draw ? `drawn with, at temperature ${draw.temperature}` : "probability"}</text>
      <text class="soft" x="632" y="44" text-anchor="end">logit</text>
      ${rows.map(row)}`}
  </svg>`;
}

const shortened = (text: string, most = 18) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

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
