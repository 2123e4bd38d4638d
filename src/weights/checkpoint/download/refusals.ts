import { diagnose, type Unseen } from "./diagnosis.ts";
import { pause } from "./pause.ts";

/** How long until a failure without an answer is looked at a second time, in milliseconds. */
const SECOND_LOOK = 200;

/** Tells what waiting cannot mend from a connection that was lost for a moment. */
export class Refusals {
  #fetch: typeof fetch;
  #last: Unseen | undefined;

  constructor(fetch: typeof globalThis.fetch) {
    this.#fetch = fetch;
  }

  /**
   * Looks into a request that got no answer. What may have passed since then has to be found twice in a row.
   * @param hasServed whether the address gave bytes before: then one that cannot be reached may be there again soon
   * @returns what to do: give up for a reason, ask again at once, or wait as after any other failure
   */
  async look(
    url: string,
    hasServed: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Unseen | "again" | "wait"> {
    const before = this.#last;
    const found = await diagnose(url, this.#fetch, signal);
    this.#last = found;
    if (found === undefined) return "wait";
    if (hasServed && (found === "unreachable" || found === "offline")) return "wait";
    if (found === before || found === "policy" || found === "mixed-content" || found === "offline")
      return found;
    await pause(SECOND_LOOK, signal);
    return "again";
  }
}
