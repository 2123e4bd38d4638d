import type { Progress } from "../config.ts";

/** How fast something arrives, and how long the rest will take; undefined while that is unknown. */
export interface Transfer {
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
}

/** The rate is that of the last few seconds: long enough to be steady, short enough to follow a change. */
const WINDOW_MS = 5000;
/** Two readings closer than this are too noisy for a rate. */
const MIN_SPAN_MS = 500;

/** Rate and time left of one transfer, from its progress. Another phase, or a restart, is measured anew. */
export class TransferRate {
  #phase: string | undefined;
  #readings: { readonly at: number; readonly loaded: number }[] = [];

  /** @param now milliseconds, from any clock that does not go back */
  update({ phase, loaded, total }: Progress, now: number): Transfer {
    const last = this.#readings.at(-1);
    if (phase !== this.#phase || (last && loaded < last.loaded)) this.#readings = [];
    this.#phase = phase;
    this.#readings.push({ at: now, loaded });
    // One reading from before the window stays, so that the window is always covered.
    while (this.#readings.length > 2 && now - this.#readings[1]!.at >= WINDOW_MS) this.#readings.shift();
    const first = this.#readings[0]!;
    if (now - first.at < MIN_SPAN_MS) return { bytesPerSecond: undefined, secondsLeft: undefined };
    const bytesPerSecond = ((loaded - first.loaded) / (now - first.at)) * 1000;
    const secondsLeft = bytesPerSecond > 0 ? Math.max(0, total - loaded) / bytesPerSecond : undefined;
    return { bytesPerSecond, secondsLeft };
  }
}
