import { html, nothing, type TemplateResult } from "lit";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { formatCount, formatDuration, formatProbability } from "../../lesson/format.ts";
import { growthBy } from "../../lesson/growth.ts";
import type { Iteration, IterationResult } from "../../lesson/iteration.ts";
import { tokenChip, visible } from "../design/token-chip.ts";
import { logitStrip } from "./logit-strip.ts";

/** Chips that fit a station; of longer rows the end is shown. */
const SHOWN = 4;

/** What the row of station 1 to 7 holds once the playhead has reached it. */
export function stationValue(
  station: number,
  iteration: Iteration,
  tokenizer: PageTokenizer,
): TemplateResult | typeof nothing {
  if (station === 1) return inputIds(iteration, tokenizer);
  if (!iteration.result) return nothing;
  if (station === 2) return logits(iteration, iteration.result);
  if (station === 3) return softmax(iteration.result);
  if (station === 4) return choice(iteration, iteration.result, tokenizer);
  if (station === 5) return decoded(iteration, iteration.result, tokenizer);
  if (station === 6) return appended(iteration, iteration.result, tokenizer);
  return again(iteration);
}

function tail(ids: number[], tokenizer: PageTokenizer, shown: number): TemplateResult {
  const from = Math.max(0, ids.length - shown);
  return html`${from > 0 ? html`<span class="soft">${formatCount(from)} more …</span>` : nothing}${ids
    .slice(from)
    .map((id) => tokenChip(tokenizer, id))}`;
}

function inputIds({ ids, dropped }: Iteration, tokenizer: PageTokenizer) {
  return html`<span class="chips">${tail(ids.slice(dropped), tokenizer, SHOWN)}</span>`;
}

function logits({ ids, dropped }: Iteration, { logits, computed, milliseconds }: IterationResult) {
  const context = ids.length - dropped;
  const cost =
    computed === context
      ? `${formatCount(context)} ${context === 1 ? "position" : "positions"} computed in ${formatDuration(milliseconds)}`
      : `1 position computed, ${formatCount(context - 1)} cached; ${formatDuration(milliseconds)}`;
  return html`${logitStrip(logits)}<span class="soft">${cost}</span>`;
}

function softmax({ logits: { bins, entropy } }: IterationResult) {
  const vocabulary = bins.reduce((a, b) => a + b);
  return html`<span
    >${formatCount(vocabulary)} probabilities that add up to 1; entropy
    <b translate="no">${entropy.toFixed(2)}</b> of at most <span translate="no">${Math.log2(vocabulary).toFixed(2)}</span> bits</span
  >`;
}

function choice(
  iteration: Iteration,
  { chosen, top: [first, second] }: IterationResult,
  tokenizer: PageTokenizer,
) {
  const chip = html`<span class="decided">${tokenChip(tokenizer, chosen.id)}</span>`;
  if (!first || !second) return chip;
  if (iteration.isDrawn) {
    const likeliest =
      chosen.id === first.id
        ? "it is the likeliest"
        : html`the likeliest was <code translate="no">${visible(tokenizer, first.id)}</code>`;
    return html`${chip}<span
        >drawn, at a probability of ${formatProbability(chosen.probability)} before temperature and top k; ${likeliest}</span
      >`;
  }
  return html`${chip}<span
      ><b translate="no">${(first.logit - second.logit).toFixed(4)}</b> ahead of
      <code translate="no">${visible(tokenizer, second.id)}</code></span
    >`;
}

function decoded({ ids }: Iteration, { chosen }: IterationResult, tokenizer: PageTokenizer) {
  const bytes = [...tokenizer.bytes(chosen.id)].map((byte) => byte.toString(16).padStart(2, "0"));
  const { text, isWhole } = growthBy(tokenizer, ids, chosen.id);
  const meaning = isWhole
    ? "completes a character"
    : "part of a character; the rest comes with the next token";
  return html`<span>bytes <code translate="no">${bytes.join(" ")}</code></span>
    ${text === undefined ? html`<span class="soft">${meaning}</span>` : html`<q class="text" translate="no">${text}</q>`}`;
}

function appended({ ids }: Iteration, { chosen }: IterationResult, tokenizer: PageTokenizer) {
  return html`<span class="chips"
    >${tail(ids, tokenizer, SHOWN - 1)}<span class="plus" aria-hidden="true">+</span
    ><span class="decided">${tokenChip(tokenizer, chosen.id)}</span></span
  >`;
}

function again({ step, target }: Iteration) {
  return step + 1 < target
    ? html`<span>token ${formatCount(step + 1)} of ${formatCount(target)} is done; the longer row goes in again</span>`
    : html`<span>all ${formatCount(target)} tokens are appended</span>`;
}
