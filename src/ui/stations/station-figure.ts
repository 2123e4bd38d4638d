import { html, nothing, type TemplateResult } from "lit";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { formatCount } from "../../lesson/format.ts";
import type { Iteration, IterationResult } from "../../lesson/iteration.ts";
import type { Station } from "../../lesson/playhead.ts";
import { tokenChip } from "../design/token-chip.ts";
import { logitStrip } from "./logit-strip.ts";

/** Chips that fit beside a sentence; of longer rows the end is shown. */
const SHOWN = 4;

/** What there is to see at a station that was reached: its tokens, or the logits as a strip. */
export function stationFigure(
  station: Station,
  { ids, dropped, result }: Iteration,
  tokenizer: PageTokenizer,
): TemplateResult | typeof nothing {
  if (station === 1) return html`<span class="chips">${tail(ids.slice(dropped), tokenizer, SHOWN)}</span>`;
  if (!result) return nothing;
  if (station === 2) return logitStrip(result.logits);
  if (station === 4) return chosenChip(result, tokenizer);
  if (station === 6)
    return html`<span class="chips"
      >${tail(ids, tokenizer, SHOWN - 3)}<span class="plus" aria-hidden="true">+</span>${chosenChip(result, tokenizer)}</span
    >`;
  return nothing;
}

function tail(ids: number[], tokenizer: PageTokenizer, shown: number): TemplateResult {
  const from = Math.max(0, ids.length - shown);
  return html`${from > 0 ? html`<span class="soft">${formatCount(from)} more …</span>` : nothing}${ids
    .slice(from)
    .map((id) => tokenChip(tokenizer, id))}`;
}

const chosenChip = ({ chosen }: IterationResult, tokenizer: PageTokenizer) =>
  html`<span class="decided">${tokenChip(tokenizer, chosen.id)}</span>`;
