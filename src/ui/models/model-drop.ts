import { css, html, LitElement, type PropertyValues } from "lit";
import { base } from "../base.css.ts";
import { define } from "../define.ts";

/** Takes a file: dropped anywhere on `zone`, or picked with the button. Fires `file-choose` with the File. */
export class ModelDrop extends LitElement {
  static override properties = { zone: { attribute: false }, isOver: { state: true } };
  /** Where a file may be dropped: this element unless another is given. */
  declare zone: HTMLElement | undefined;
  /** Whether a file is held above the zone. */
  declare protected isOver: boolean;

  #listening = new AbortController();

  constructor() {
    super();
    this.isOver = false;
  }

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
      }

      .over {
        background: var(--nt-wash);
        border-style: solid;
      }
    `,
  ];

  override connectedCallback() {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  override render() {
    return html`
      <div class=${this.isOver ? "drop over" : "drop"}>
        <button @click=${() => this.renderRoot.querySelector("input")!.click()}>Choose a file…</button>
        <p class="note">or drop a <code>model.safetensors</code> here. It is read on this computer and sent nowhere.</p>
        <input type="file" accept=".safetensors" hidden aria-label="A checkpoint" @change=${this.#picked} />
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>) {
    if (changed.has("zone")) this.#listen();
  }

  #listen() {
    this.#listening.abort();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const zone = this.zone ?? this;
    zone.addEventListener("dragover", (event) => this.#dragged(event), { signal });
    zone.addEventListener("dragleave", () => this.#left(), { signal });
    zone.addEventListener("drop", (event) => this.#dropped(event), { signal });
  }

  #dragged(event: DragEvent) {
    if (!event.dataTransfer?.types.includes("Files")) return; // text that is moved within the page
    event.preventDefault(); // otherwise the browser would open the file
    this.isOver = true;
  }

  #left() {
    this.isOver = false;
  }

  #dropped(event: DragEvent) {
    this.isOver = false;
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    this.#choose(file);
  }

  #picked(event: Event) {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = ""; // the same file can be chosen again
    if (file) this.#choose(file);
  }

  #choose(file: File) {
    this.dispatchEvent(new CustomEvent("file-choose", { detail: file }));
  }
}

define("next-token-model-drop", ModelDrop);
