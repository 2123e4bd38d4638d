import { NextTokenError } from "./errors.ts";

/** The error of work that was stopped on request; `what` says which work, and what becomes of it. */
export const aborted = (what = "Loading was stopped."): NextTokenError => new NextTokenError("aborted", what);

/** @throws NextTokenError "aborted" once the signal is */
export function throwIfAborted(signal: AbortSignal | undefined, what?: string): void {
  if (signal?.aborted) throw aborted(what);
}
