import { html, svg, type TemplateResult } from "lit";
import type { LogitSummary } from "../../index.ts";
import { formatCount, formatLogit } from "../../lesson/format.ts";

/**
 * The logits of the whole vocabulary as a strip: how many lie where, from the smallest to the largest.
 * Heights go with the square root of the counts, or the few largest, on which everything hangs, would not be seen.
 */
export function logitStrip({ min, max, bins }: LogitSummary): TemplateResult {
  const most = Math.max(...bins);
  const width = 100 / bins.length;
  const bar = (count: number, i: number) => {
    const height = Math.sqrt(count / most) * 20;
    return svg`<rect x=${i * width} y=${20 - height} width=${width * 0.85} height=${height}></rect>`;
  };
  const label =
    `Histogram of ${formatCount(bins.reduce((a, b) => a + b))} logits ` +
    `from ${formatLogit(min)} to ${formatLogit(max)}`;
  return html`<svg
    class="logit-strip"
    role="img"
    aria-label=${label}
    viewBox="0 0 100 20"
    preserveAspectRatio="none"
  >
    ${bins.map(bar)}
  </svg>`;
}
