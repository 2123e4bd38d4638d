import { aborted } from "../../../abort.ts";
import { Interrupted } from "./failure.ts";

/** Lets go of a request that hangs, and of one that nobody wants any more. */
export class Watchdog {
  /** Give it to `fetch`. */
  readonly signal: AbortSignal;
  #own = new AbortController();
  #outer: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #late: string | undefined;

  constructor(outer: AbortSignal | undefined) {
    this.#outer = outer;
    this.signal = outer ? AbortSignal.any([outer, this.#own.signal]) : this.#own.signal;
  }

  /**
   * Waits for one step of the request.
   * @throws NextTokenError "aborted"; Interrupted when the step takes longer than `ms`, or fails by itself
   */
  async watch<T>(step: Promise<T>, ms: number, late: string): Promise<T> {
    this.#timer = setTimeout(() => {
      this.#late = late;
      this.#own.abort();
    }, ms);
    try {
      return await step;
    } catch (error) {
      if (this.#outer?.aborted) throw aborted();
      if (this.#late) throw new Interrupted(this.#late, "silence");
      throw new Interrupted(`the connection failed (${error instanceof Error ? error.message : error})`);
    } finally {
      clearTimeout(this.#timer);
    }
  }

  /** Ends the request, wherever it is. */
  release(): void {
    clearTimeout(this.#timer);
    this.#own.abort();
  }
}
