import { css, html, LitElement, nothing } from "lit";
import { property } from "lit/decorators.js";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/** What a variable holds now. */
export interface LiveValue {
  /** "[1, 5]" */
  shape: string;
  /** "[[15496, 11, 314, 716, 27018]]", shortened by whoever knows how. */
  value: string;
}

/** The note that stands under a name of the code and tells its shape and value. */
export class ValueTip extends LitElement {
  @property({ attribute: false }) accessor name!: string;
  @property({ attribute: false }) accessor live: LiveValue | undefined;

  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        inset: auto;
        max-inline-size: min(30 * var(--nt-em), 100vw - var(--nt-em));
        margin: 0;
        padding: var(--nt-space-2) var(--nt-space-3);
        color: var(--nt-ink);
        background: var(--nt-paper);
        border: 1px solid var(--nt-edge);
        border-radius: var(--nt-radius);
        font-size: var(--nt-text-s);
      }

      :host(:not(:popover-open)) {
        display: none;
      }

      .shape {
        color: var(--nt-soft);
      }

      .value {
        display: block;
        max-block-size: 9em;
        overflow: auto;
        margin-block-start: var(--nt-space-1);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.popover = "manual";
    this.role = "tooltip";
  }

  /** Opens under `name`, inside the window. */
  async showAt(name: Element): Promise<void> {
    await this.updateComplete;
    if (!name.isConnected || !this.live) return;
    if (!this.matches(":popover-open")) this.showPopover();
    const { left, top, bottom } = name.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this;
    const { clientWidth, clientHeight } = document.documentElement;
    const fitsBelow = bottom + offsetHeight + 4 <= clientHeight;
    this.style.left = `${Math.max(8, Math.min(left, clientWidth - offsetWidth - 8))}px`;
    this.style.top = `${fitsBelow ? bottom + 4 : Math.max(0, top - offsetHeight - 4)}px`;
  }

  hide(): void {
    if (this.matches(":popover-open")) this.hidePopover();
  }

  protected override render() {
    if (!this.live) return nothing;
    return html`<code translate="no">${this.name}</code> <code translate="no" class="shape">${this.live.shape}</code>
      <code translate="no" class="value">${this.live.value}</code>`;
  }
}

define("next-token-value-tip", ValueTip);
