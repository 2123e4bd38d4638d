import { css, html, nothing, type TemplateResult } from "lit";
import type { PageTokenizer } from "../../lesson/backend.ts";
import type { Reader } from "../../lesson/steps/what-happened.ts";
import { visibleToken } from "../../tokenizer/visible-token.ts";

/** What was made of ids before: a long tape names a thousand of them anew with every token. */
const known = new WeakMap<object, Map<number, string>>();

/** A token as text in which nothing is invisible: "·Feature". */
export function visible(tokenizer: Pick<PageTokenizer, "bytes">, id: number): string {
  const texts = known.get(tokenizer) ?? new Map<number, string>();
  known.set(tokenizer, texts);
  const text = texts.get(id) ?? visibleToken(tokenizer.bytes(id));
  texts.set(id, text);
  return text;
}

/** What sentences about tokens are told by. */
export const readerOf = (tokenizer: PageTokenizer): Reader => ({
  tokenizer,
  visible: (id) => visible(tokenizer, id),
});

/**
 * The token chip, the page's motif: the text, its spaces marked, over the id. Its state is the class around it:
 * nothing for given, `appended` for chosen earlier, `decided` for chosen just now, `dropped` for cropped away.
 * @param seen the tokens that the model's texts were made of; all where nothing is known of them
 */
export function tokenChip(
  tokenizer: Pick<PageTokenizer, "bytes">,
  id: number,
  seen?: ReadonlySet<number>,
): TemplateResult {
  const text = visible(tokenizer, id);
  const space = text.startsWith("·") && text.length > 1 ? "·" : "";
  const isUnseen = seen !== undefined && !seen.has(id);
  return html`<span class=${isUnseen ? "chip unseen" : "chip"} translate="no"
    ><bdi class="chip-text"><span class="chip-space">${space}</span>${text.slice(space.length)}</bdi
    ><span class="chip-id">${id}</span>${isUnseen ? unseen : nothing}</span
  >`;
}

const unseen = html`<span class="chip-note" translate="yes">never seen in training</span>`;

export const chipStyles = css`
  .chip {
    display: inline-flex;
    flex-direction: column;
    align-items: center;
    min-inline-size: calc(2.25 * var(--nt-em));
    max-inline-size: 100%;
    padding: calc(0.125 * var(--nt-em)) var(--nt-space-2) calc(0.1875 * var(--nt-em));
    background: var(--nt-wash);
    border: 1px solid var(--nt-clear);
    border-radius: var(--nt-radius);
    line-height: 1.3;
  }

  .chip-text {
    max-inline-size: 100%;
    font-family: var(--nt-mono);
    font-size: var(--nt-text-m);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .chip-space {
    color: var(--nt-soft);
  }

  .chip-id {
    color: var(--nt-soft);
    white-space: nowrap;
    font-size: var(--nt-text-xs);
    font-variant-numeric: tabular-nums;
  }

  .unseen .chip-text {
    text-decoration: underline wavy;
    text-decoration-thickness: 1px;
    text-underline-offset: 0.2em;
  }

  .chip-note {
    position: absolute; /* for the ear */
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .appended .chip {
    background: var(--nt-paper);
    border-color: var(--nt-accent);
  }

  .decided .chip {
    background: var(--nt-accent);
    border-color: var(--nt-accent);
    forced-color-adjust: none;
  }

  .decided :is(.chip-text, .chip-space, .chip-id) {
    color: var(--nt-on-accent);
  }

  .dropped .chip {
    background: none;
    border: 1px dashed var(--nt-edge);
  }

  .dropped .chip-text {
    color: var(--nt-soft);
    text-decoration: line-through;
  }
`;
