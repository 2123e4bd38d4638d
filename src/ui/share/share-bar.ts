import { css, html, LitElement, nothing } from "lit";
import { property, state } from "lit/decorators.js";
import { LONGEST_LINK } from "../../lesson/share/link.ts";
import { base } from "../design/base.css.ts";
import { copyText } from "../element/clipboard.ts";
import { define } from "../element/define.ts";
import { chartPng, chartSvg } from "./chart-file.ts";
import { saveFile } from "./save-file.ts";

/** Takes what the page shows elsewhere: a link to it, its text, its numbers, its picture, or a sheet of paper. */
export class ShareBar extends LitElement {
  /** The address of the page as it is now; undefined on a page that does not follow such a link. */
  @property({ attribute: false }) accessor link: string | undefined;
  /** What the file is called that is the model, which no link can carry; undefined where the model is no file. */
  @property({ attribute: false }) accessor file: string | undefined;
  /** The whole text; "" while there is none. */
  @property({ attribute: false }) accessor text = "";
  /** The run as JSON, made when it is asked for; undefined while there is none. */
  @property({ attribute: false }) accessor trace: (() => string) | undefined;
  /** The chart that is on the page now, if one is. */
  @property({ attribute: false }) accessor chart: (() => SVGSVGElement | null) | undefined;
  @state() private accessor status = "";
  /** What the clipboard did not take, for people to copy themselves. */
  @state() private accessor refused: string | undefined;

  static override styles = [
    base,
    css`
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--nt-space-2);
        align-items: center;
      }

      button {
        min-block-size: calc(2 * var(--nt-em));
        font-size: var(--nt-text-s);
      }

      .carries {
        margin-block-start: var(--nt-space-1);
        overflow-wrap: anywhere;
      }

      [role="status"] {
        min-block-size: 1.45em;
        margin-block-start: var(--nt-space-1);
      }

      label {
        display: block;
        font-size: var(--nt-text-s);
      }

      textarea {
        display: block;
        inline-size: 100%;
        margin-block-start: var(--nt-space-1);
        padding: var(--nt-space-2);
        font-family: var(--nt-mono);
        font-size: var(--nt-text-s);
        resize: vertical;
      }

      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];

  protected override render() {
    return html`
      <div class="buttons" role="group" aria-label="Share and keep">
        ${this.link === undefined ? nothing : this.#button("Copy link", true, () => this.#copy("Link", this.link!))}
        ${this.#button("Copy text", Boolean(this.text), () => this.#copy("Text", this.text))}
        ${this.#button("Save trace (JSON)", Boolean(this.trace), this.#saveTrace)}
        ${this.#button("Save picture (SVG)", Boolean(this.chart), this.#saveSvg)}
        ${this.#button("Save picture (PNG)", Boolean(this.chart), this.#savePng)}
        ${this.#button("Print", true, () => window.print())}
      </div>
      ${
        this.link !== undefined && this.file !== undefined
          ? html`<p class="note carries">
              The link names the file “${this.file}” and does not carry it: whoever opens the link is asked to choose that
              file.
            </p>`
          : nothing
      }
      ${
        this.link !== undefined && this.link.length > LONGEST_LINK
          ? html`<p class="note carries">
              The prompts are longer than an address may be: the page's own address no longer follows them, and a browser
              may not open the link. Keep the text itself.
            </p>`
          : nothing
      }
      <p class="note" role="status">${this.status}</p>
      ${
        this.refused === undefined
          ? nothing
          : html`<label>
              To copy, press Ctrl+C or ⌘C
              <textarea readonly rows="3" .value=${this.refused}></textarea>
            </label>`
      }
    `;
  }

  /** What cannot be had now keeps its place, and the focus. */
  #button(name: string, canBeUsed: boolean, act: () => void) {
    return html`<button aria-disabled=${canBeUsed ? "false" : "true"} @click=${() => canBeUsed && act.call(this)}>
      ${name}
    </button>`;
  }

  async #copy(what: string, text: string) {
    this.status = ""; // the same words a second time would not be spoken
    const isCopied = await copyText(text);
    this.refused = isCopied ? undefined : text;
    this.status = isCopied
      ? `${what} copied.`
      : "The browser does not let this page copy. The text is selected below.";
    await this.updateComplete;
    this.renderRoot.querySelector("textarea")?.select();
    if (!isCopied) this.renderRoot.querySelector("textarea")?.focus();
  }

  #saveTrace() {
    this.#save("next-token.json", new Blob([this.trace!()], { type: "application/json" }));
  }

  #saveSvg() {
    this.#withChart((chart) =>
      this.#save("next-token.svg", new Blob([chartSvg(chart)], { type: "image/svg+xml" })),
    );
  }

  #savePng() {
    this.#withChart(async (chart) => {
      try {
        this.#save("next-token.png", await chartPng(chart));
      } catch {
        this.status = "The browser could not draw the picture. Save it as SVG instead.";
      }
    });
  }

  #withChart(use: (chart: SVGSVGElement) => void) {
    const chart = this.chart!();
    if (chart) use(chart);
    else this.status = "There is no chart on the page yet. Generate a token first.";
  }

  #save(name: string, blob: Blob) {
    saveFile(name, blob);
    this.refused = undefined;
    this.status = `The browser was asked to save ${name}.`; // whether it did, it tells nobody
  }
}

define("next-token-share", ShareBar);
