import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import { isComposed } from "../element/used-keys.ts";
import { textDirection } from "./text-direction.ts";

/** Where the prompt is typed. Fires `prompt-change` with the text, and `prompt-go` for Control or Command with Enter. */
export class PromptEditor extends LitElement {
  @property({ attribute: false }) accessor label = "Prompt";
  @property({ attribute: false }) accessor text = "";
  /** Whether the page around the element has fixed the text. */
  @property({ attribute: false }) accessor locked = false;
  @property({ attribute: false }) accessor notes: string[] = [];
  /** Why the text cannot be used. */
  @property({ attribute: false }) accessor refusal: string | undefined;

  static override styles = [
    base,
    css`
      label {
        display: block;
        margin-block-end: var(--nt-space-1);
      }

      textarea {
        display: block;
        inline-size: 100%;
        min-block-size: calc(2.75 * var(--nt-em));
        max-block-size: calc(9 * var(--nt-em));
        padding: var(--nt-space-2) var(--nt-space-3);
        field-sizing: content;
        font-family: var(--nt-mono);
        line-height: 1.5;
        resize: vertical;
      }

      textarea:read-only {
        color: var(--nt-soft);
        background: var(--nt-wash);
        border-style: dashed;
      }

      /* One of several: its label beside it, and no higher than a line until there is more. */
      :host([compact]) {
        display: grid;
        grid-template-columns: calc(7.5 * var(--nt-em)) minmax(0, 1fr);
        gap: 0 var(--nt-space-2);
        align-items: center;
      }

      :host([compact]) label {
        margin: 0;
        line-height: 1.2;
      }

      :host([compact]) textarea {
        min-block-size: calc(2.25 * var(--nt-em));
        max-block-size: calc(6 * var(--nt-em));
        padding-block: var(--nt-space-1);
      }

      :host([compact]) #notes {
        grid-column: 2;
      }

      @container (max-width: 30em) {
        :host([compact]) {
          grid-template-columns: minmax(0, 1fr);
        }

        :host([compact]) #notes {
          grid-column: 1;
        }
      }

      .note {
        margin-block-start: var(--nt-space-1);
      }

      .refusal {
        color: var(--nt-ink);
        font-weight: 600;
      }
    `,
  ];

  override focus() {
    this.renderRoot.querySelector("textarea")!.focus();
  }

  override render() {
    return html`
      <label class="caption" for="prompt">${this.label}</label>
      <textarea
        id="prompt"
        rows="1"
        dir=${textDirection(this.text)}
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        .value=${this.text}
        ?readonly=${this.locked}
        aria-invalid=${this.refusal ? "true" : "false"}
        aria-describedby="notes"
        @input=${this.#typed}
        @keydown=${this.#pressed}
      ></textarea>
      <div id="notes">
        ${this.refusal && html`<p class="note refusal" role="alert">${this.refusal}</p>`}
        ${this.locked ? html`<p class="note">This page has fixed the prompt.</p>` : nothing}
        ${this.notes.map((note) => html`<p class="note">${note}</p>`)}
      </div>
    `;
  }

  #typed(event: Event) {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.dispatchEvent(new CustomEvent("prompt-change", { detail: this.text }));
  }

  #pressed(event: KeyboardEvent) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || isComposed(event)) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("prompt-go"));
  }
}

define("next-token-prompt", PromptEditor);
