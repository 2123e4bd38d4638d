import type { LitElement } from "lit";
import { OwnNodes } from "./own-nodes.ts";

/** Registers an element once, even where two copies of the script meet on one page. */
export function define(name: string, element: typeof LitElement): void {
  if (customElements.get(name)) return;
  element.addInitializer((instance) => instance.addController(new OwnNodes(instance as LitElement)));
  customElements.define(name, element);
}
