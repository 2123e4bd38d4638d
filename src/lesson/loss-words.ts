import type { LoadedModel } from "./backend.ts";

/** What the browser did to who computes. */
export const takenAway = (computing: Pick<LoadedModel, "adapter"> | undefined): string =>
  computing?.adapter.kind === "cpu"
    ? "The browser ended what computes on the processor."
    : "The browser took the GPU away.";

/** @param wait until the next try, in milliseconds */
export const lossNotice = (taken: string, wait: number): string =>
  wait === 0
    ? `${taken} The model is built again, and the text goes on.`
    : `It does not come back yet. Trying again in ${wait / 1000} s.`;
