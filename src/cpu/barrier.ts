/** Where the barrier's two words lie in the memory that workers share, and what lies behind them. */
export const BARRIER_BYTES = 64;

const ARRIVED = 0;
const ROUND = 1;

/** How often a worker looks whether the others have come before it sleeps: some 20 us, about what waking up takes. */
const LOOKS = 2000;

/** Where workers that share a memory wait for each other, so that none reads what another has not written yet. */
export class Barrier {
  readonly #words: Int32Array;
  readonly #count: number;

  constructor(memory: WebAssembly.Memory, count: number) {
    this.#words = new Int32Array(memory.buffer, 0, BARRIER_BYTES / 4);
    this.#count = count;
  }

  /** Returns when every worker has come here as often as this one. */
  wait(): void {
    if (this.#count === 1) return;
    const words = this.#words;
    const round = Atomics.load(words, ROUND);
    if (Atomics.add(words, ARRIVED, 1) === this.#count - 1) {
      Atomics.store(words, ARRIVED, 0);
      Atomics.add(words, ROUND, 1);
      Atomics.notify(words, ROUND);
      return;
    }
    for (let look = 0; look < LOOKS; look++) {
      if (Atomics.load(words, ROUND) !== round) return;
    }
    while (Atomics.load(words, ROUND) === round) Atomics.wait(words, ROUND, round);
  }
}
