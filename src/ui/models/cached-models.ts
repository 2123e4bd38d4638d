import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { formatBytes } from "../../lesson/format.ts";
import { formatPart } from "../../lesson/models/format-transfer.ts";
import type { KeptModel } from "../../lesson/models/library.ts";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";
import { keepFocus } from "../element/keep-focus.ts";

/** The models that are kept on this computer, with a button to delete each. Fires `model-delete` with the model's address. */
export class CachedModels extends LitElement {
  /** Undefined until it is known. */
  @property({ attribute: false }) accessor models: readonly KeptModel[] | undefined;
  /** Whether the browser keeps nothing for this page. */
  @property({ attribute: false }) accessor isForbidden = false;
  /** The address of the model whose button was pressed once. */
  @state() protected accessor sure: string | undefined;

  static override styles = [
    base,
    css`
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 0 var(--nt-space-3);
        align-items: center;
        padding-block: var(--nt-space-2);
        border-block-end: 1px solid var(--nt-line);
      }

      .name {
        overflow-wrap: anywhere;
      }

      .note {
        grid-column: 1;
        font-variant-numeric: tabular-nums;
      }

      button {
        grid-area: 1 / 2 / 3;
        font-size: var(--nt-text-s);
      }

      .total {
        padding-block-start: var(--nt-space-2);
      }
    `,
  ];

  protected override update(changed: PropertyValues) {
    const next = () => this.renderRoot.querySelector<HTMLElement>("li:last-child button, [tabindex]");
    keepFocus(this, () => super.update(changed), next);
  }

  override render() {
    if (this.isForbidden)
      return html`<p class="note">
        This browser keeps no files for this page (a private window or an embedded frame, perhaps). A model is downloaded
        anew on each visit.
      </p>`;
    if (!this.models) return nothing;
    if (this.models.length === 0)
      return html`<p class="note" tabindex="-1">None yet. A model that is downloaded stays here for the next visit.</p>`;
    const total = this.models.reduce((sum, { cachedBytes }) => sum + cachedBytes, 0);
    return html`
      <ul>
        ${this.models.map((model) => this.#line(model))}
      </ul>
      <p class="note total">${formatBytes(total)} in all.</p>
    `;
  }

  #line({ name, url, bytes, cachedBytes, complete }: KeptModel) {
    const isSure = this.sure === url;
    return html`<li>
      <span class="name">${name}</span>
      <span class="note">
        ${complete ? formatBytes(bytes) : `${formatPart(cachedBytes, bytes)}: the download was interrupted and goes on from there`}
      </span>
      <button
        aria-label=${`${isSure ? "Really delete" : "Delete"} ${name}`}
        @click=${() => this.#pressed(url)}
        @blur=${() => {
          this.sure = undefined;
        }}
      >
        ${isSure ? "Really delete?" : "Delete"}
      </button>
    </li>`;
  }

  #pressed(url: string) {
    if (this.sure === url) this.dispatchEvent(new CustomEvent("model-delete", { detail: url }));
    this.sure = this.sure === url ? undefined : url;
  }
}

define("next-token-cached-models", CachedModels);
