import { STEPS_IN_FLIGHT } from "../runtime/decode-context.ts";

/** How far the GPU may be ahead of the caller, in milliseconds: few steps on a slow adapter, where stopping would take long. */
const AHEAD_MS = 100;
/** Never less, so that the GPU does not wait for JavaScript. */
const LEAST_IN_FLIGHT = 2;
/** Answers that come within so many milliseconds were waited for once. */
const TOGETHER_MS = 2;
/** What comes after a longer wait tells of a busy page, or of a slow adapter, and not of a browser that looks rarely. */
const LONGEST_WAIT_MS = 150;

/**
 * How many steps to keep in flight. As many as fill 100 ms at the pace so far; but a pace is no evidence where the GPU ran
 * out of work, so whenever all that was in flight has come at once, there are twice as many from then on. Those take no
 * longer than the wait that has just ended, so stopping stays quick.
 */
export class PipelineDepth {
  #inFlight = 0;
  /** Steps that were in flight when the last wait ended, and how many came since. */
  #awaited = 0;
  #came = 0;
  #waitEnd = Number.NEGATIVE_INFINITY;
  #wait = 0;
  /** Where counting the pace began: at the first step that is neither prefill nor had to be compiled. */
  #paceStart: number | undefined;
  #paceSteps = 0;
  #answers = 0;
  #byPace = LEAST_IN_FLIGHT;
  #byNeed = LEAST_IN_FLIGHT;

  /** Steps to keep in flight. */
  get steps(): number {
    return Math.min(STEPS_IN_FLIGHT, Math.max(this.#byPace, this.#byNeed));
  }

  submitted(): void {
    this.#inFlight++;
  }

  answered(now = performance.now()): void {
    if (now - this.#waitEnd > TOGETHER_MS) this.#endWait(now);
    this.#inFlight--;
    this.#came++;
    if (++this.#answers > 1) this.#paceSteps++;
    const ranDry = this.#awaited > 1 && this.#came === this.#awaited;
    if (ranDry && this.#wait <= LONGEST_WAIT_MS) this.#byNeed = Math.max(this.#byNeed, 2 * this.#awaited);
  }

  #endWait(now: number): void {
    this.#wait = now - this.#waitEnd;
    this.#waitEnd = now;
    this.#awaited = this.#inFlight;
    this.#came = 0;
    if (this.#answers === 0) return;
    this.#paceStart ??= now;
    const ms = (now - this.#paceStart) / this.#paceSteps;
    if (ms > 0) this.#byPace = Math.max(LEAST_IN_FLIGHT, Math.ceil(AHEAD_MS / ms));
  }
}
