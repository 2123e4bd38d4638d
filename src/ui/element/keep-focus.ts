import type { LitElement } from "lit";

/** Runs `update`; where that takes away what had the focus in `element`, the focus goes to `next` and not to the page. */
export function keepFocus(element: LitElement, update: () => void, next: () => HTMLElement | null): void {
  const before = element.shadowRoot?.activeElement;
  update();
  if (before && !before.isConnected) next()?.focus();
}
