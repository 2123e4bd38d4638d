import { isComposed } from "./used-keys.ts";

/** What a key does while the focus is on the element, and not in something that takes letters or arrows itself. */
const shortcuts: Readonly<Record<string, "play" | "step" | "back" | "token" | "reset">> = {
  p: "play",
  ArrowRight: "step",
  ArrowLeft: "back",
  t: "token",
  r: "reset",
};

export type Shortcut = (typeof shortcuts)[string];

/** The command of a key press; undefined where it means something else, and where it is held down and would flicker. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  const command = commandOf(event);
  return event.repeat && (command === "play" || command === "reset") ? undefined : command;
}

/** The same, held down or not. */
export function commandOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (isComposed(event)) return undefined;
  const path = event.composedPath().filter((node) => node instanceof Element);
  if (path.some((node) => node.matches("input, textarea, select, [role=grid], [role=slider], dialog")))
    return undefined;
  if (event.key.startsWith("Arrow") && path.some(scrollsSideways)) return undefined;
  return shortcuts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
}

/** Code and wide tables: the arrows are how the keyboard reaches their right half. */
const scrollsSideways = (node: Element): boolean =>
  node.matches("[role=region][tabindex]") && node.scrollWidth > node.clientWidth;
