import { css, html, LitElement } from "lit";
import { base } from "../design/base.css.ts";
import { define } from "../element/define.ts";

/** A button that picks files. Fires `files-choose` with them. */
export class ModelPicker extends LitElement {
  static override styles = [
    base,
    css`
      .drop {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-2) var(--nt-space-3);
        align-items: center;
        padding: var(--nt-space-3);
        border: 1px dashed var(--nt-edge);
        border-radius: var(--nt-radius);
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    return html`
      <div class="drop">
        <button @click=${() => this.renderRoot.querySelector("input")!.click()}>Choose a file…</button>
        <p class="note">
          or drop a <code translate="no">model.safetensors</code> here, or the
          <code translate="no">model.pth</code> that you saved with
          <code translate="no">torch.save(model.state_dict(), "model.pth")</code>, and, if it has one, its
          <code translate="no">config.json</code> together with it or after it. They are read on this computer and sent
          nowhere.
        </p>
        <input type="file" accept=".safetensors,.pth,.pt,.bin,.ckpt,.gz,.json" multiple hidden aria-label="A checkpoint" @change=${this.#picked} />
      </div>
    `;
  }

  #picked(event: Event) {
    const input = event.target as HTMLInputElement;
    const files = [...(input.files ?? [])];
    input.value = ""; // the same file can be chosen again
    if (files.length > 0) this.dispatchEvent(new CustomEvent("files-choose", { detail: files }));
  }
}

define("next-token-model-picker", ModelPicker);
