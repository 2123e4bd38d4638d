import type { SessionEvents } from "../../lesson/session-state.ts";
import type { NextToken } from "../../ui/next-token.ts";
import type { EmbedQuery } from "./embed-query.ts";
import { type EventMessage, type HeightMessage, NAME, readCommand } from "./messages.ts";

/** The element's events, as docs/embedding.md lists them. */
const EVENTS = [
  "progress",
  "ready",
  "before-token",
  "token",
  "prediction",
  "done",
  "error",
] satisfies (keyof SessionEvents)[];

/**
 * Makes the page what a frame on somebody else's page needs: the element with the attributes of the address and nothing
 * around it, which tells how tall it is, and those origins that the address names what happens; they may give commands.
 */
export function embedPage(element: NextToken, { attributes, origins, warnings }: EmbedQuery): void {
  const { ownerDocument: document } = element;
  document.documentElement.classList.add("embedded");
  for (const sentence of warnings) console.warn(`next-token: ${sentence}`);
  for (const [name, value] of attributes) element.setAttribute(name, value);
  if (parent === window) return; // the frame's address, opened as a page
  tellHeight(element);
  const listeners = new Listeners(origins);
  for (const event of EVENTS)
    element.addEventListener(event, (it) => listeners.tell(event, (it as CustomEvent<unknown>).detail));
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== parent || !origins.includes(origin)) return;
    const command = readCommand(data, attributesOf(element));
    if (!command) return;
    if (command.command === "hello") listeners.meet(origin);
    else if (command.command !== "set") void element[command.command]();
    else if (command.value === null) element.removeAttribute(command.attribute);
    else element.setAttribute(command.attribute, command.value);
  });
}

/** Attributes that the element has, and so a frame's address may set. */
export const attributesOf = (element: HTMLElement): readonly string[] =>
  (element.constructor as unknown as { observedAttributes: readonly string[] }).observedAttributes;

/** The height is told to anybody: a number of pixels is no secret, and every page around the frame needs it. */
function tellHeight(element: NextToken): void {
  const { body } = element.ownerDocument;
  let told = 0;
  const tell = () => {
    const height = Math.ceil(body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    parent.postMessage({ source: NAME, type: "height", height } satisfies HeightMessage, "*");
  };
  new ResizeObserver(tell).observe(body);
  // Browsers draw no frame of another site that is out of view, and observe nothing in it.
  void element.updateComplete.then(tell);
  addEventListener("load", tell);
}

/**
 * Who hears of events, which hold what visitors type: the origins that the frame's address names. Browsers deliver to no
 * other. A page without an origin cannot be addressed, so it is told once it has said hello, and until another page says so.
 */
class Listeners {
  readonly #origins: readonly string[];
  #hasMetOpaque = false;

  constructor(origins: readonly string[]) {
    this.#origins = origins;
  }

  meet(origin: string): void {
    this.#hasMetOpaque = origin === "null";
  }

  tell(event: string, detail: unknown): void {
    const message: EventMessage = { source: NAME, type: "event", event, detail };
    for (const origin of this.#origins) {
      if (origin !== "null") parent.postMessage(message, origin);
      else if (this.#hasMetOpaque) parent.postMessage(message, "*");
    }
  }
}
