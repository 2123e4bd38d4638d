/**
 * The messages between the page in a frame and the page around it. docs/embedding.md has them for those who write the page
 * around it.
 */

/** Whose messages these are: `source` of those that the frame sends, `target` of those that it takes. */
export const NAME = "next-token";

/** How tall the frame has to be so that nothing of it scrolls, in CSS pixels. */
export interface HeightMessage {
  readonly source: typeof NAME;
  readonly type: "height";
  readonly height: number;
}

/** An event of the element, with its `detail`. */
export interface EventMessage {
  readonly source: typeof NAME;
  readonly type: "event";
  readonly event: string;
  readonly detail: unknown;
}

/** What the page around the frame may ask for. */
export type Command =
  | { readonly command: "generate" | "step" | "pause" | "reset" | "hello" }
  /** An attribute of the element; null removes it. */
  | { readonly command: "set"; readonly attribute: string; readonly value: string | null };

const METHODS = ["generate", "step", "pause", "reset", "hello"] as const;

/** The longest value that is taken from a message: prompts of a megabyte are typed by nobody. */
const LONGEST = 1 << 20;

/**
 * The command in a message, or undefined for what is none. Nothing of `data` is trusted: it is whatever another page sent.
 * @param known the attributes that the element has
 */
export function readCommand(data: unknown, known: readonly string[]): Command | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { target, command, attribute, value } = data as Record<string, unknown>;
  if (target !== NAME) return undefined;
  const method = METHODS.find((each) => each === command);
  if (method) return { command: method };
  if (command !== "set" || typeof attribute !== "string" || !known.includes(attribute)) return undefined;
  if (value === null) return { command, attribute, value };
  return typeof value === "string" && value.length <= LONGEST ? { command, attribute, value } : undefined;
}
