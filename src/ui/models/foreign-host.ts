import { css, html, LitElement, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import { formatBytes } from "../../lesson/format.ts";
import type { ForeignDownload } from "../../lesson/models/consent.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/** Asks whether a model may come from a host that is neither this site's nor the hub. Fires `host-answer` with a boolean. */
export class ForeignHost extends LitElement {
  /** Opens the dialog; undefined closes it. */
  @property({ attribute: false }) accessor asked: ForeignDownload | undefined;

  static override styles = [
    base,
    css`
      dialog {
        max-inline-size: min(30 * var(--nt-em), calc(100vi - 2 * var(--nt-em)));
        padding: var(--nt-space-4);
        color: var(--nt-ink);
        background: var(--nt-paper);
        border: 1px solid var(--nt-edge);
        border-radius: var(--nt-radius);
        line-height: 1.45;
      }

      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }

      dialog > * + * {
        margin-block-start: var(--nt-space-3);
      }

      .address {
        overflow-wrap: anywhere;
      }

      .answers {
        display: flex;
        gap: var(--nt-space-2);
        justify-content: end;
      }
    `,
  ];

  override render() {
    const { host = "", url = "", bytes } = this.asked ?? {};
    const size = bytes === undefined ? "a model" : formatBytes(bytes);
    return html`
      <dialog aria-labelledby="question" aria-describedby="why" @cancel=${this.#cancelled}>
        <h2 id="question" class="caption">Download ${size} from ${host}?</h2>
        <p id="why" class="note">
          This host is not part of this page.
          ${bytes === undefined ? "How large the file is, it says only when it is asked. " : ""}
          It would see your network address. Nothing was asked of it yet.
        </p>
        <p class="note address"><code translate="no">${url}</code></p>
        <p class="answers">
          <button autofocus @click=${() => this.#answer(false)}>Cancel</button>
          <button @click=${() => this.#answer(true)}>Allow</button>
        </p>
      </dialog>
    `;
  }

  protected override updated(changed: PropertyValues<this>) {
    if (!changed.has("asked")) return;
    const dialog = this.renderRoot.querySelector("dialog")!;
    if (this.asked && !dialog.open) dialog.showModal();
    if (!this.asked) dialog.close();
  }

  /** Escape: the browser would close the dialog by itself, and nobody would know. */
  #cancelled(event: Event) {
    event.preventDefault();
    this.#answer(false);
  }

  #answer(isAllowed: boolean) {
    this.dispatchEvent(new CustomEvent("host-answer", { detail: isAllowed }));
  }
}

define("next-token-foreign-host", ForeignHost);
