import { css, html, LitElement } from "lit";
import { property, query, state } from "lit/decorators.js";
import { base } from "../design/base.css.ts";
import { copyText } from "../element/clipboard.ts";
import { define } from "../element/define.ts";

/** What to put into a report of a fault: to be read, and copied at a press. */
export class BugReport extends LitElement {
  @property({ attribute: false }) accessor text = "";
  @state() private accessor status = "";
  @query("textarea") private accessor field!: HTMLTextAreaElement;

  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-1);
      }

      textarea {
        inline-size: 100%;
        field-sizing: content;
        padding: var(--nt-space-2);
        font-family: var(--nt-mono);
        font-size: var(--nt-text-s);
        resize: vertical;
      }

      .line {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-1) var(--nt-space-3);
        align-items: center;
      }

      button {
        min-block-size: calc(2 * var(--nt-em));
        font-size: var(--nt-text-s);
      }
    `,
  ];

  protected override render() {
    return html`
      <label class="caption" for="report">For a bug report</label>
      <textarea id="report" translate="no" readonly rows="6" .value=${this.text}></textarea>
      <div class="line">
        <button type="button" @click=${this.#copy}>Copy it</button>
        <p class="note" aria-live="polite">${this.status}</p>
      </div>
      <p class="note">Nothing that was typed is in it, and nothing is sent.</p>
    `;
  }

  async #copy() {
    this.status = ""; // the same words a second time would not be spoken
    const isCopied = await copyText(this.text);
    this.status = isCopied ? "Copied." : "The browser does not let this page copy. Press Ctrl+C or ⌘C.";
    if (isCopied) return;
    this.field.focus();
    this.field.select();
  }
}

define("next-token-bug-report", BugReport);
