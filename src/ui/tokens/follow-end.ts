/** Keeps a box that scrolls at its end while its content grows, unless somebody scrolled back to read. */
export class FollowEnd {
  readonly #box: HTMLElement;
  readonly #content: HTMLElement;
  #follows = true;
  /** How far down it was last, and how far it could be, in pixels. */
  #place = 0;
  #lastEnd = 0;

  /** @param content is in the box, with as much room below as above it */
  constructor(box: HTMLElement, content: HTMLElement) {
    this.#box = box;
    this.#content = content;
    box.addEventListener("scroll", () => this.#scrolled());
  }

  /**
   * To be called when the content or the box has another size and was laid out: a size that is asked for earlier costs a layout
   * of its own.
   */
  grew(): void {
    this.#lastEnd = this.#end;
    if (!this.#follows) return;
    this.#box.scrollTop = this.#lastEnd;
    this.#place = this.#box.scrollTop;
  }

  /** Follows again: what somebody scrolled back to is no longer there. */
  resume(): void {
    this.#follows = true;
  }

  /** Where the box would be at its end. It can be scrolled further while a chip flies in from below, but not for long. */
  get #end(): number {
    const { offsetTop, offsetHeight } = this.#content;
    return Math.max(0, 2 * offsetTop + offsetHeight - this.#box.clientHeight);
  }

  #scrolled(): void {
    const { scrollTop } = this.#box;
    if (this.#follows && scrollTop >= this.#place - 1) return; // nobody scrolled back
    const end = this.#end;
    // A box whose content shrank, or that grew, moved by itself. It is told of its size in a moment.
    if (this.#follows && end !== this.#lastEnd) return;
    this.#follows = scrollTop >= end - 1;
    this.#place = scrollTop;
  }
}
