import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import type { HeadOfLayer } from "../../config.ts";
import { isAway, MOST_WRITTEN, toggledHead } from "../../lesson/ablate.ts";
import { base } from "../design/base.css.ts";
import { choiceStyles } from "../design/choice.css.ts";
import { define } from "../element/define.ts";

/** Takes one head away or puts it back, and puts all back. Fires `ablate-change` with all heads that are away then. */
export class HeadSwitch extends LitElement {
  @property({ attribute: false }) accessor layer = 0;
  @property({ attribute: false }) accessor head = 0;
  /** The heads that are away. */
  @property({ attribute: false }) accessor ablate: readonly HeadOfLayer[] = [];
  @property({ attribute: false }) accessor locked = false;

  static override styles = [
    base,
    choiceStyles,
    css`
      :host {
        display: grid;
        gap: var(--nt-space-1);
      }

      .away {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-1) var(--nt-space-4);
        align-items: center;
      }

      .away .note {
        flex: 1 1 calc(16 * var(--nt-em));
      }
    `,
  ];

  protected override render() {
    const away = isAway(this.ablate, this.layer, this.head);
    const none = this.locked || this.ablate.length === 0;
    return html`
      <label class="caption">
        <input type="checkbox" .checked=${away} aria-describedby="does" ?disabled=${this.locked} @change=${this.#toggle} />
        Take this head away
      </label>
      <p id="does" class="note">
        Its share of <code translate="no">context_vec</code> is then zero: the text goes on without it. Reset and Play
        write all of it without this head.
      </p>
      <div class="away">
        <p class="note" aria-live="polite">${told(this.ablate)}</p>
        <button type="button" aria-disabled=${none} @click=${() => none || this.#tell([])}>Put all heads back</button>
      </div>
    `;
  }

  #toggle() {
    this.#tell(toggledHead(this.ablate, [this.layer, this.head]));
  }

  #tell(detail: readonly HeadOfLayer[]) {
    this.dispatchEvent(new CustomEvent("ablate-change", { detail }));
  }
}

function told(ablate: readonly HeadOfLayer[]): string {
  if (ablate.length === 0) return "No head is away.";
  if (ablate.length > MOST_WRITTEN) return `${ablate.length} heads are away.`;
  return `Away: ${ablate.map(([layer, head]) => `layer ${layer}, head ${head}`).join("; ")}.`;
}

define("next-token-head-switch", HeadSwitch);

declare global {
  interface HTMLElementTagNameMap {
    "next-token-head-switch": HeadSwitch;
  }
}
