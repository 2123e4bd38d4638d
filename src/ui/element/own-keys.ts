import type { LitElement, ReactiveController } from "lit";
import { isUsedNatively, takesText } from "./used-keys.ts";

const keyEvents = ["keydown", "keypress", "keyup"] as const;

/** What else would leave the element with what somebody types in it. */
const textEvents = ["beforeinput", "input", "compositionstart", "compositionupdate", "compositionend"];
const clipboardEvents = ["copy", "cut", "paste"];

/**
 * Keeps the keys that an element uses from the page around it. Pages have shortcuts of one letter and ask
 * `document.activeElement` whether somebody types, which is the element and never the field in it. What the element does
 * not use goes on to the page.
 */
export class OwnKeys implements ReactiveController {
  readonly #host: LitElement;
  /** Keys that are down and were used, by their place on the keyboard: letting them go is the element's, too. */
  readonly #down = new Set<string>();
  #view: Window | null = null;
  /** Whether the page around the element has claimed the key on its way in. */
  #isTaken = false;

  /** @param command does what a key commands, where it commands something, and prevents its default then */
  constructor(host: LitElement, command: (event: KeyboardEvent) => void) {
    this.#host = host;
    host.addController(this);
    host.addEventListener(
      "keydown",
      ({ defaultPrevented }) => {
        this.#isTaken = defaultPrevented;
      },
      { capture: true },
    );
    host.addEventListener("keydown", (event) => {
      const path = this.#pathOf(event);
      if (this.#isTaken || path.length === 0) return;
      command(event);
      if (!event.defaultPrevented && !isUsedNatively(event, path)) return;
      this.#down.add(placeOf(event));
      event.stopPropagation();
    });
    for (const name of textEvents) host.addEventListener(name, (event) => this.#keep(event));
    for (const name of clipboardEvents)
      host.addEventListener(name, (event) => takesText(event.composedPath()[0]) && this.#keep(event));
  }

  /** Whether the focus is where somebody types, or chooses by key. */
  get isTyping(): boolean {
    let focused = this.#host.shadowRoot?.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    return takesText(focused);
  }

  hostConnected() {
    this.#view = this.#host.ownerDocument.defaultView;
    for (const name of keyEvents) this.#view?.addEventListener(name, this.#passing, { capture: true });
  }

  hostDisconnected() {
    for (const name of keyEvents) this.#view?.removeEventListener(name, this.#passing, { capture: true });
    this.#down.clear();
  }

  /**
   * Ends what is typed before a listener of the capture phase on the document could see it. The field gets its text all
   * the same, which is the browser's doing. Enter goes on: a field of ours may wait for it.
   */
  readonly #passing = (event: KeyboardEvent) => {
    const place = placeOf(event);
    if (event.type === "keydown") {
      this.#down.delete(place); // its end never came
      const path = this.#pathOf(event);
      const isText = takesText(path[0]) && event.key !== "Enter" && isUsedNatively(event, path);
      if (!isText || event.defaultPrevented) return;
      this.#down.add(place);
    } else if (!this.#down.has(place)) return;
    if (event.type === "keyup") this.#down.delete(place);
    event.stopImmediatePropagation();
  };

  #keep(event: Event) {
    if (this.#pathOf(event).length > 0) event.stopPropagation();
  }

  /** From where it happened up to the element; nothing for what happened elsewhere, or in the page's own content between the tags. */
  #pathOf(event: Event): Element[] {
    const path = event.composedPath();
    const inside = path.slice(0, path.indexOf(this.#host) + 1);
    const isContent = inside.some((node) => node instanceof Node && node.parentNode === this.#host);
    return isContent ? [] : inside.filter((node) => node instanceof Element);
  }
}

const placeOf = ({ code, key }: KeyboardEvent): string => code || key;
