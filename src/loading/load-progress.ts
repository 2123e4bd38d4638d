import type { Progress } from "../config.ts";
import { TransferRate } from "../weights/transfer-rate.ts";

/** One who waits for a load. */
export interface Subscriber {
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Gets a sentence when something was assumed, left out, or is not as it should be but goes on. */
  onNote?: ((note: string) => void) | undefined;
}

/** All who wait for one load. They hear how far it is and how fast; latecomers also hear what was noted before. */
export class LoadProgress {
  readonly notes: string[] = [];
  readonly #listeners = new Set<Subscriber>();
  readonly #rate = new TransferRate();

  /** @returns what takes the listener away again */
  subscribe({ onProgress, onNote }: Subscriber): () => void {
    const listener = { onProgress, onNote };
    this.#listeners.add(listener);
    for (const note of this.notes) notify(onNote, note);
    return () => this.#listeners.delete(listener);
  }

  readonly progress = (progress: Progress): void => {
    const told = { ...progress, ...this.#rate.update(progress, performance.now()) };
    for (const { onProgress } of this.#listeners) notify(onProgress, told);
  };

  readonly note = (note: string): void => {
    if (this.notes.includes(note)) return; // a source that is opened again says the same again
    this.notes.push(note);
    for (const { onNote } of this.#listeners) notify(onNote, note);
  };
}

/** What a listener throws is its own: it is reported, as that of an event's listener is, and fails nobody's load. */
function notify<T>(listener: ((news: T) => void) | undefined, news: T): void {
  try {
    listener?.(news);
  } catch (error) {
    const report = globalThis.reportError ?? console.error; // Node has no `reportError`
    report(error);
  }
}
