/** Keeps a box that scrolls at its end while its content grows, unless somebody scrolled back to read. */
export class FollowEnd {
  readonly #box: HTMLElement;
  #follows = true;
  /** How far down it was last, in pixels. */
  #place = 0;

  constructor(box: HTMLElement) {
    this.#box = box;
    box.addEventListener("scroll", () => this.#scrolled());
  }

  /** To be called when the content has been laid out: a size that is asked for earlier costs a layout of its own. */
  grew(): void {
    if (!this.#follows) return;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#place = this.#box.scrollTop;
  }

  /** Follows again: what somebody scrolled back to is no longer there. */
  resume(): void {
    this.#follows = true;
  }

  #scrolled(): void {
    const { scrollTop } = this.#box;
    if (this.#follows && scrollTop >= this.#place - 1) return; // nobody scrolled back
    const { scrollHeight, clientHeight } = this.#box;
    this.#follows = scrollHeight - scrollTop - clientHeight <= 1;
    this.#place = scrollTop;
  }
}
