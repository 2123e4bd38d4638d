import { NextTokenError } from "../errors.ts";

/** Where it stands, in bytes, that a load is under way. */
const KEY = "next-token loading";

/** Loads of less have never ended a tab. */
const WORTH_NOTING = 100_000_000;

/**
 * Notes that so many bytes are about to be loaded into the page's own memory. A note that is found then is of a load that
 * neither came to an end nor was left: phones end a page that takes too much, and a page that began the same again by itself
 * would be ended for ever.
 * @returns what to call when the load has come to an end, whichever
 * @throws NextTokenError "out-of-memory" once, where as much was being loaded when the tab ended
 */
export function noteLoad(bytes: number): () => void {
  const before = take();
  if (before !== undefined && bytes >= before) {
    throw new NextTokenError(
      "out-of-memory",
      "The last time this page loaded a model of this size, the system ended it, probably for want of memory. Choose precision int8 or a smaller model, or press Play again to try all the same.",
    );
  }
  if (bytes < WORTH_NOTING) return () => {};
  put(bytes);
  const forget = () => {
    take();
    globalThis.removeEventListener?.("pagehide", forget);
  };
  globalThis.addEventListener?.("pagehide", forget); // whoever leaves is not ended
  return forget;
}

/** The bytes of the note, which is gone then; undefined where there is none. */
function take(): number | undefined {
  try {
    const bytes: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    localStorage.removeItem(KEY);
    return typeof bytes === "number" ? bytes : undefined;
  } catch {
    return undefined; // no storage here, or not ours
  }
}

function put(bytes: number): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(bytes));
  } catch {
    // storage is forbidden or full: nothing is noted
  }
}
