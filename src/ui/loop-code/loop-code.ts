import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import type { Sampling } from "../../index.ts";
import type { Station } from "../../lesson/playhead.ts";
import { base } from "../design/base.css.ts";
import { type CodeLines, codeClasses } from "../design/code/code-lines.ts";
import { CodeView } from "../design/code/code-view.ts";
import { headStyles } from "../design/head.css.ts";
import { define } from "../element/define.ts";
import { drawnListings, listings } from "./listings.ts";
import { type NamedPiece, namedPieces } from "./named-pieces.ts";
import { type Language, linesAt } from "./stations-of-lines.ts";
import type { LiveValue, ValueTip } from "./value-tip.ts";
import "./value-tip.ts";

const captions: Record<Language, { title: string; file: string }> = {
  python: { title: "The notebook's loop, in Python", file: "generate_text_simple" },
  typescript: { title: "Ours, in TypeScript", file: "src/generate/generate-text-simple.ts" },
};

/** Names that ours gives to something the notebook calls otherwise. */
const alias: Record<Language, ReadonlyMap<string, string>> = {
  python: new Map(),
  typescript: new Map([
    ["rows", "idx"],
    ["topK", "top_k"],
  ]),
};

/** How long a value stays when the pointer leaves its name, so that one can go over and read it. */
const LEAVE_MS = 150;

/** The notebook's loop and ours, side by side: the line at work is lit, and a name tells what it holds. */
export class LoopCode extends LitElement {
  /** The station whose lines are lit, 1 to 7; undefined for none. */
  @property({ attribute: false }) accessor station: Station | undefined;
  /** How this iteration's token is drawn; undefined where the likeliest is taken. */
  @property({ attribute: false }) accessor sampling: Sampling | undefined;
  /** Where the notebook's cell with this loop stands; undefined on a page without it. */
  @property({ attribute: false }) accessor notebook: string | undefined;
  /** What is known now, by the notebook's names: "idx", "idx_cond", "logits", "probabs", "idx_next", "context_size" ... */
  @property({ attribute: false }) accessor values: ReadonlyMap<string, LiveValue> = new Map();

  #leaving: ReturnType<typeof setTimeout> | undefined;
  /** The name whose value is shown. */
  #shown: HTMLElement | undefined;

  static override styles = [
    base,
    headStyles,
    CodeView.styles,
    css`
      :host {
        container-type: inline-size;
      }

      .sides {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--nt-space-4) var(--nt-space-6);
      }

      /* A path, not lines of code. */
      .head code {
        display: inline;
        min-inline-size: 0;
        overflow-wrap: anywhere;
      }

      button.name {
        min-block-size: 0;
        padding: 0;
        color: inherit;
        background: none;
        border: 0;
        border-radius: 0;
        font: inherit;
      }

      .name {
        cursor: help;
        text-decoration: underline dotted 1px;
        text-underline-offset: 0.3em; /* below the "_" of the names */
      }

      @container (min-width: 54em) {
        .sides {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }
    `,
  ];

  protected override render() {
    return html`
      <div
        class="sides"
        @pointerover=${this.#entered}
        @pointerout=${this.#left}
        @focusin=${this.#entered}
        @focusout=${this.#left}
        @click=${this.#entered}
        @keydown=${this.#pressed}
      >
        ${this.#side("python")} ${this.#side("typescript")}
      </div>
      ${
        this.sampling
          ? html`<p class="note drawn">
              This iteration's token is drawn, as chapter 5 of the book does it. The notebook's
              <code translate="no">generate_text_simple</code> always takes the argmax; ours calls
              <code translate="no">sample</code> in its place.
            </p>`
          : nothing
      }
      <next-token-value-tip id="tip" @pointerenter=${this.#stay} @pointerleave=${this.#left}></next-token-value-tip>
    `;
  }

  protected override updated(changed: PropertyValues<this>) {
    if (changed.has("values") && this.#shown) this.#show(this.#shown);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#leaving);
    this.#hide();
  }

  #side(language: Language) {
    const isDrawn = this.sampling !== undefined;
    const lines = (isDrawn ? drawnListings : listings)[language];
    const lit = this.station ? linesAt(this.station, language, lines, isDrawn) : [];
    const { title, file } = captions[language];
    return html`<section aria-label=${title}>
      <div class="head">
        <h2 class="caption">${title}</h2>
        <p class="note"><code translate="no">${file}</code></p>
        ${
          language === "python" && this.notebook !== undefined
            ? html`<p class="note"><a href=${this.notebook}>the notebook's cell, and what it printed</a></p>`
            : nothing
        }
      </div>
      <pre translate="no" tabindex="0" role="region" aria-label=${`${title}: code`}><code translate="no">${this.#lines(language, lines, lit)}</code></pre>
    </section>`;
  }

  /** Each name can be focused where it stands first; the others tell the same to the pointer. */
  #lines(language: Language, lines: CodeLines, lit: readonly number[]) {
    const met = new Set<string>();
    const nameOf = (variable: string) => {
      const name = alias[language].get(variable) ?? variable;
      return this.values.has(name) ? name : undefined;
    };
    // The markup keeps to one line where `pre` would show its breaks.
    return lines.map((line, i) => {
      const isLit = lit.includes(i);
      const pieces = namedPieces(line, nameOf).map((piece) => {
        const isFirst = piece.name !== undefined && !met.has(piece.text);
        if (isFirst) met.add(piece.text);
        return this.#piece(piece, isFirst);
      });
      return html`<span class=${isLit ? "line lit" : "line"} aria-current=${isLit ? "step" : nothing}>${pieces}</span>`;
    });
  }

  #piece({ text, codeClass, name }: NamedPiece, isFirst: boolean) {
    const look = codeClasses[codeClass]!;
    if (name === undefined) return codeClass === 0 ? text : html`<span class=${look}>${text}</span>`;
    return isFirst
      ? html`<button class="name ${look}" data-name=${name} aria-describedby="tip">${text}</button>`
      : html`<span class="name ${look}" data-name=${name}>${text}</span>`;
  }

  #entered(event: Event) {
    const name = (event.target as Element).closest<HTMLElement>(".name");
    if (!name) return;
    this.#stay();
    this.#show(name);
  }

  #left() {
    this.#stay();
    this.#leaving = setTimeout(() => this.#hide(), LEAVE_MS);
  }

  #stay() {
    clearTimeout(this.#leaving);
  }

  #pressed(event: KeyboardEvent) {
    if (event.key !== "Escape" || !this.#shown) return;
    event.preventDefault();
    this.#hide();
  }

  #show(at: HTMLElement) {
    const tip = this.#tip();
    const name = at.dataset.name;
    const live = name === undefined ? undefined : this.values.get(name);
    if (!tip || !at.isConnected || name === undefined || !live) return this.#hide();
    this.#shown = at;
    tip.name = name;
    tip.live = live;
    tip.showAt(at);
  }

  #hide() {
    this.#shown = undefined;
    this.#tip()?.hide();
  }

  #tip(): ValueTip | null {
    return this.renderRoot.querySelector("next-token-value-tip");
  }
}

define("next-token-loop-code", LoopCode);
