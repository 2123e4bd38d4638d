import { NextTokenError } from "../next-token-error.ts";

/** The error of work that was stopped on request. */
export const aborted = (): NextTokenError => new NextTokenError("aborted", "Loading was stopped.");

/** @throws NextTokenError "aborted" once the signal is */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw aborted();
}
