import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import type { PageTokenizer } from "../../lesson/backend.ts";
import { formatCount } from "../../lesson/format.ts";
import { base } from "../design/base.css.ts";
import { headStyles } from "../design/head.css.ts";
import { chipStyles, tokenChip } from "../design/token-chip.ts";
import { define } from "../element/define.ts";
import { FollowEnd } from "./follow-end.ts";
import { type Block, TapeBlocks } from "./tape-blocks.ts";
import { tapeStyles } from "./token-tape.css.ts";

/** Chips of a row that are drawn, and a block more at most; of a longer text the end is what the model reads. */
const DRAWN = 1024;

/** Chips drawn or numbered anew in one go, at most: many more would be felt as a halt. */
const AT_ONCE = 96;

/** How long the tape must be at rest before what cannot be seen follows, in milliseconds. */
const REST = 200;

/**
 * The notebook's `idx`: in each row the prompt's tokens and, behind them, those the loop appended. A token costs the same
 * however long the text is: chips stand in blocks of whole lines, of which the open one alone is drawn and laid out again.
 * Fires `iteration-show` with the number of the iteration that chose the chip that is pressed, from 0 on.
 */
export class TokenTape extends LitElement {
  @property({ attribute: false }) accessor tokenizer: PageTokenizer | undefined;
  /** The tokens that the model's texts were made of; undefined where nothing is known of them. */
  @property({ attribute: false }) accessor seen: ReadonlySet<number> | undefined;
  /** [B, T] */
  @property({ attribute: false }) accessor start: number[][] = [];
  /** For each row. */
  @property({ attribute: false }) accessor generated: number[][] = [];
  /** How many tokens at the beginning the model does not read. */
  @property({ attribute: false }) accessor dropped = 0;
  /** The row that the rest of the figure shows. */
  @property({ attribute: false }) accessor row = 0;
  /** Whether a row is one flow of chips: its lines break elsewhere than its blocks say. */
  @state() protected accessor isFlowing = false;

  #rows: TapeBlocks[] = [];
  #end: FollowEnd | undefined;
  #frame = 0;
  /** The widths that lines depend on, in pixels: the rows', and some letters'. */
  readonly #widths = new Map<Element, number>();
  #regrouping: ReturnType<typeof setTimeout> | undefined;
  #numbering: ReturnType<typeof setTimeout> | undefined;
  /** Chips out of sight that may be numbered anew in the next update. */
  #spare = 0;
  /** Whether some of them show the positions of an earlier token. */
  #isBehind = false;

  readonly #sizes = new ResizeObserver((entries) => this.#resized(entries));
  readonly #views = new IntersectionObserver((entries) => this.#viewed(entries));

  static override styles = [base, headStyles, chipStyles, tapeStyles];

  protected override willUpdate() {
    this.#isBehind = false;
    let left = AT_ONCE;
    this.#rows = this.start.map((given, r) => {
      const row = this.#rows[r] ?? new TapeBlocks();
      const { added, isSame } = row.take([...given, ...(this.generated[r] ?? [])], DRAWN, left);
      left -= added;
      if (!isSame) this.#end?.resume();
      this.#number(row.open, true);
      for (const block of row.closed) this.#number(block, block.isInView);
      return row;
    });
    this.#spare = 0;
  }

  /** Once tokens are cropped away, each token moves all positions: those out of sight follow when the tape is at rest. */
  #number(block: Block, isInView: boolean) {
    const dropped = Math.min(this.dropped, block.end);
    if (block.dropped === dropped) return;
    const isNow = isInView || block.dropped === undefined;
    if (isNow || this.#spare > 0) block.dropped = dropped;
    else this.#isBehind = true;
    if (!isNow) this.#spare -= block.end - block.start;
  }

  override render() {
    const B = this.start.length;
    const lengths = new Set(this.#rows.map(({ ids }) => ids.length));
    const T = [...lengths].join(" or "); // of rows that are not yet equally long
    return html`
      <div class="head">
        <h2 class="caption">Tokens <code translate="no">idx [${B}, ${T}]</code></h2>
        <p class="note">${this.#count()}</p>
      </div>
      <p class="note legend">
        <span class="given"><span class="swatch"></span>prompt</span>
        <span class="appended"><span class="swatch"></span>appended (press one: its iteration)</span>
        <span class="decided"><span class="swatch"></span>the newest</span>
        <span><code translate="no">·</code> a space</span>
        <span><code translate="no">[B, T]</code> B rows of T tokens</span>
        ${this.#hasUnseen ? html`<span class="unseen"><span class="chip-text">abc</span> never seen in training</span>` : nothing}
      </p>
      <div class="scroll" role="region" aria-label="Tokens, with their ids" tabindex="0" @click=${this.#picked}>
        <div class=${this.#classes}>${this.#rows.map((row, r) => this.#row(row, r))}</div>
        <span class="letters" aria-hidden="true" translate="no"><code translate="no">m</code>0</span>
      </div>
    `;
  }

  /** The chip of the token that was chosen last, in a row. */
  chosenChip(row: number): HTMLElement | null {
    return this.#rowElements[row]?.querySelector<HTMLElement>(".decided .chip") ?? null;
  }

  get #rowElements(): NodeListOf<HTMLElement> {
    return this.renderRoot.querySelectorAll<HTMLElement>(".rows > .row");
  }

  get #hasUnseen(): boolean {
    const { seen } = this;
    return seen !== undefined && this.#rows.some(({ ids }) => ids.some((id) => !seen.has(id)));
  }

  get #isBatch(): boolean {
    return this.start.length > 1;
  }

  get #classes(): string {
    return `rows${this.#isBatch ? " batch" : ""}${this.isFlowing ? " flowing" : ""}`;
  }

  #row(row: TapeBlocks, r: number) {
    const { tokenizer } = this;
    const given = this.start[r]!.length;
    const draw = (block: Block) => tokenizer && this.#block(tokenizer, row.ids, given, block);
    const isShown = this.#isBatch && r === this.row;
    const name = html`<p class=${isShown ? "name shown" : "name"} aria-hidden="true">row ${r}</p>`;
    return html`${this.#isBatch ? name : nothing}<div
      class="row"
      role="list"
      tabindex=${this.#isBatch ? "0" : nothing}
      aria-label=${this.#isBatch ? `Row ${r}` : nothing}
      aria-current=${isShown ? "true" : nothing}
    >
      ${row.start > 0 ? html`<div class="note more" role="listitem">${formatCount(row.start)} earlier tokens …</div>` : nothing}
      <div class="closed">${repeat(row.closed, (block) => block, draw)}</div>
      ${draw(row.open)}
    </div>`;
  }

  #block(tokenizer: PageTokenizer, ids: readonly number[], given: number, block: Block) {
    const { start, end, edition, dropped = 0 } = block;
    const last = ids.length > given ? ids.length - 1 : -1;
    const decided = last >= start && last < end ? last : -1;
    const state = (index: number) => {
      if (index < dropped) return "dropped";
      if (index < given) return "given";
      return index === decided ? "decided" : "appended";
    };
    // All that a block is drawn from.
    return guard([tokenizer, this.seen, block, end, edition, dropped, Math.min(given, end), decided], () => {
      const chips = ids.slice(start, end).map((id, i) => {
        const index = start + i;
        const iteration = index < given ? undefined : index - given;
        return this.#chip(tokenizer, id, state(index), index - dropped, dropped > 0, iteration);
      });
      return html`<div class="block" .block=${block}>${chips}</div>`;
    });
  }

  #chip(
    tokenizer: PageTokenizer,
    id: number,
    state: string,
    position: number,
    isCropped: boolean,
    iteration: number | undefined,
  ) {
    const title = position < 0 ? "cropped away" : `position ${position}`;
    // Where nothing is cropped a token's position is its place in the row: there is nothing to tell.
    const isMoved = isCropped && position >= 0;
    const chip = tokenChip(tokenizer, id, this.seen);
    return html`<div class=${`token ${state}`} role="listitem" title=${title}>
      ${iteration === undefined ? chip : this.#pick(chip, iteration)}${isMoved ? html`<span class="position">${position}</span>` : nothing}
    </div>`;
  }

  /**
   * A chip that leads to the iteration that chose it. Not a stop of the Tab key, of which a text would have a thousand: the
   * steps have a field for it.
   */
  #pick(chip: TemplateResult, iteration: number) {
    return html`<button class="pick" tabindex="-1" value=${iteration}>${chip}</button>`;
  }

  /** One listener for all chips: a thousand of them would be felt. */
  #picked(event: Event) {
    const pick = (event.target as Element).closest<HTMLButtonElement>(".pick");
    if (pick) this.dispatchEvent(new CustomEvent("iteration-show", { detail: Number(pick.value) }));
  }

  #count(): string {
    const [row = []] = this.start;
    const [generated = []] = this.generated;
    const counts = `${formatCount(row.length)} of the prompt, ${formatCount(generated.length)} appended`;
    return this.dropped > 0
      ? `${counts}; the first ${formatCount(this.dropped)} are cropped away, and positions count from 0 again`
      : counts;
  }

  protected override firstUpdated() {
    const [box, rows] = [".scroll", ".rows"].map((css) => this.renderRoot.querySelector<HTMLElement>(css)!);
    this.#end = new FollowEnd(box!, rows!);
    for (const measured of this.renderRoot.querySelectorAll(".scroll, .rows, .letters"))
      this.#sizes.observe(measured);
  }

  protected override updated(changed: PropertyValues<this>) {
    const before = changed.get("start");
    if (before && before.length > 1 !== this.#isBatch) this.#flow(); // the names take some of the width
    if (this.#isBatch) for (const row of this.#rowElements) row.scrollTop = row.scrollHeight;
    if (changed.has("row")) this.#showRow();
    if (this.#rows.some(({ missing }) => missing > 0)) {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => this.requestUpdate());
    }
    if (this.dropped === 0) return;
    for (const block of this.renderRoot.querySelectorAll(".closed > .block")) this.#views.observe(block);
    if (this.#isBehind) this.#numberSoon();
  }

  #numberSoon() {
    clearTimeout(this.#numbering);
    this.#numbering = setTimeout(() => {
      this.#spare = AT_ONCE;
      this.requestUpdate();
    }, REST);
  }

  #viewed(entries: IntersectionObserverEntry[]) {
    for (const { target, isIntersecting } of entries) {
      const { block } = target as Partial<BlockElement>;
      if (block) block.isInView = isIntersecting;
    }
    if (this.#isBehind) this.requestUpdate();
  }

  /** After the layout, so that asking for sizes costs no other one. */
  #resized(entries: ResizeObserverEntry[]) {
    for (const { target, contentRect } of entries) {
      const { width } = contentRect;
      if (width === 0) return; // it is hidden
      const before = this.#widths.get(target);
      this.#widths.set(target, width);
      if (before !== undefined && before !== width) this.#flow();
    }
    if (!this.isFlowing) for (const [r, row] of this.#rows.entries()) this.#findLastLine(row, r);
    if (this.#isBatch) this.#showRow();
    else this.#end?.grew();
  }

  /** Of a batch the row that the figure shows stays in sight, its end if not all of it. */
  #showRow() {
    const row = this.#rowElements[this.row];
    const box = this.renderRoot.querySelector(".scroll");
    // One more, since offsets are rounded.
    if (row && box && this.#isBatch) box.scrollTop = row.offsetTop + row.offsetHeight - box.clientHeight + 1;
  }

  #findLastLine(row: TapeBlocks, r: number) {
    const chips = this.#rowElements[r]?.lastElementChild?.children ?? [];
    row.lastLine = row.open.start + (lineStarts(chips).at(-1) ?? 0);
  }

  /** Lets the lines break where they do at this width; blocks follow when it has come to rest. */
  #flow() {
    if (this.#rows.every(({ closed }) => closed.length === 0)) return;
    clearTimeout(this.#regrouping);
    this.#regrouping = setTimeout(() => this.#regroup(), REST);
    // In the next frame: an observer that changes the size it was told of is an error to the window, and to its page.
    requestAnimationFrame(() => {
      this.isFlowing = true;
    });
  }

  #regroup() {
    for (const [r, element] of this.#rowElements.entries()) {
      const row = this.#rows[r]!;
      row.regroup(lineStarts(element.querySelectorAll(".token")).map((line) => row.start + line));
    }
    this.isFlowing = false;
  }
}

interface BlockElement extends HTMLElement {
  block: Block;
}

/** Which of these chips begin a line: the first, and each that stands lower than the one before. */
function lineStarts(chips: ArrayLike<Element>): number[] {
  const tops = Array.from(chips, (chip) => (chip as HTMLElement).offsetTop);
  return tops.flatMap((top, i) => (top === tops[i - 1] ? [] : [i]));
}

define("next-token-tape", TokenTape);
