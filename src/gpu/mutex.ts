/**
 * Work that keeps the GPU busy goes one after the other, so that what is measured is alone, and so that nothing is
 * written behind something slow: a page that writes to a queue which does not move stands still.
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
