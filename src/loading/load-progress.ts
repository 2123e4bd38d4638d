import type { Progress } from "../config.ts";
import { TransferRate } from "../weights/transfer-rate.ts";

/** A caller that waits for a load. */
export interface Subscriber {
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Gets a sentence when something was assumed, left out, or is not as it should be but goes on. */
  onNote?: ((note: string) => void) | undefined;
}

/** The subscribers of one load. All are notified of its progress and rate; who subscribes late also gets earlier notes. */
export class LoadProgress {
  readonly notes: string[] = [];
  readonly #subscribers = new Set<Subscriber>();
  readonly #rate = new TransferRate();

  /** @returns the function that unsubscribes */
  subscribe({ onProgress, onNote }: Subscriber): () => void {
    const subscriber = { onProgress, onNote };
    this.#subscribers.add(subscriber);
    for (const note of this.notes) notify(onNote, note);
    return () => this.#subscribers.delete(subscriber);
  }

  readonly progress = (progress: Progress): void => {
    const rated = { ...progress, ...this.#rate.update(progress, performance.now()) };
    for (const { onProgress } of this.#subscribers) notify(onProgress, rated);
  };

  readonly note = (note: string): void => {
    if (this.notes.includes(note)) return; // a source that is opened again repeats its notes
    this.notes.push(note);
    for (const { onNote } of this.#subscribers) notify(onNote, note);
  };
}

/** Calls back; an error in the callback is reported, as one in an event listener is, and does not fail the load. */
function notify<T>(callback: ((news: T) => void) | undefined, news: T): void {
  try {
    callback?.(news);
  } catch (error) {
    const report = globalThis.reportError ?? console.error; // Node has no `reportError`
    report(error);
  }
}
