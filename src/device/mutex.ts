/**
 * Runs work that keeps the GPU busy one piece after the other: so a measurement has the GPU to itself, and no write waits
 * behind slow work, because writing to a full queue blocks the page.
 */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` once all that came before is done; resolves or rejects as it does. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {}); // the next piece of work runs whether or not this one failed
    return result;
  }
}
