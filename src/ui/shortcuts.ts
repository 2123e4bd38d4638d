/** What a key does while the focus is on the element, and not in something that takes letters or arrows itself. */
const shortcuts: Record<string, "play" | "step" | "back" | "token" | "reset"> = {
  p: "play",
  ArrowRight: "step",
  ArrowLeft: "back",
  t: "token",
  r: "reset",
};

export type Shortcut = (typeof shortcuts)[string];

/** The command of a key press; undefined where it means something else. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const takesKeys = event
    .composedPath()
    .some(
      (node) =>
        node instanceof Element &&
        node.matches("input, textarea, select, [role=grid], [role=slider], dialog"),
    );
  return takesKeys ? undefined : shortcuts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
}
