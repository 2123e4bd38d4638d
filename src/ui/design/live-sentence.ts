import { html, type TemplateResult } from "lit";
import type { Sentence } from "../../lesson/steps/sentence.ts";

/** A sentence whose words a browser may translate, and whose values it must not touch. */
export function liveSentence({ words, values }: Sentence): TemplateResult {
  return html`<span class="sentence"
    >${words.map((word, i) => {
      const value = values[i - 1];
      if (value === undefined) return word;
      return typeof value === "string"
        ? html`<span translate="no">${value}</span>${word}`
        : html`<code translate="no">${value.code}</code>${word}`;
    })}</span
  >`;
}
