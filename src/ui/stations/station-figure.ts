import { html, nothing, type TemplateResult } from "lit";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { formatCount } from "../../lesson/format.ts";
import type { Iteration, IterationResult } from "../../lesson/iteration.ts";
import type { Station } from "../../lesson/playhead.ts";
import { tokenChip, visible } from "../design/token-chip.ts";
import { logitStrip } from "./logit-strip.ts";

/** What fits beside a sentence, and on a phone above it: so many chips, and so many letters, those of ids and edges counted too. */
const SHOWN = 4;
const ROOM = 41;

/** What there is to see at a station that was reached: its tokens, or the logits as a strip. */
export function stationFigure(
  station: Station,
  { ids, dropped, result }: Iteration,
  tokenizer: PageTokenizer,
): TemplateResult | typeof nothing {
  if (station === 1)
    return html`<span class="chips">${tail(ids.slice(dropped), tokenizer, SHOWN, ROOM)}</span>`;
  if (!result) return nothing;
  if (station === 2) return logitStrip(result.logits);
  if (station === 4) return chosenChip(result, tokenizer);
  if (station === 6)
    return html`<span class="chips"
      >${tail(ids, tokenizer, 1, ROOM - 2 - lettersOf(result.chosen.id, tokenizer))}<span class="plus" aria-hidden="true">+</span>${chosenChip(result, tokenizer)}</span
    >`;
  return nothing;
}

/** The last ids whose chips fit whole, and how many come before them. */
function tail(ids: number[], tokenizer: PageTokenizer, shown: number, room: number): TemplateResult {
  let from = ids.length;
  for (let left = room; from > 0 && ids.length - from < shown; from--) {
    left -= lettersOf(ids[from - 1]!, tokenizer);
    if (left < (from > 1 ? more(from - 1).length : 0)) break;
  }
  return html`${from > 0 ? html`<span class="soft">${more(from)}</span>` : nothing}${ids
    .slice(from)
    .map((id) => tokenChip(tokenizer, id))}`;
}

const more = (count: number) => `${formatCount(count)} more …`;

/** About how many letters a chip is wide. */
const lettersOf = (id: number, tokenizer: PageTokenizer) =>
  visible(tokenizer, id).length + String(id).length + 2.5;

const chosenChip = ({ chosen }: IterationResult, tokenizer: PageTokenizer) =>
  html`<span class="decided">${tokenChip(tokenizer, chosen.id)}</span>`;
