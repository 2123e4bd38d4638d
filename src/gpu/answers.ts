import { nextTask } from "../next-task.ts";

/** An answer that takes longer than this though there is nothing to do is late, in milliseconds. */
const LATE_MS = 20;
/** How often a browser must be late, out of so many waits. One of them may be chance. */
const LATE_WAITS = 2;
const TRIALS = 3;
/** Milliseconds between two nudges. */
const NUDGE_MS = 1;
/** Without any answer for so long, the work itself takes its time: nudging ends, in milliseconds. */
const GIVE_UP_MS = 1000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * What the GPU tells when it has done something: that a buffer is mapped, that all work is done. Some browsers look for
 * that only every 100 ms, and whenever something is submitted. There, empty submissions nudge them while someone waits.
 */
export class Answers {
  readonly #queue: GPUQueue;
  #needNudges = false;
  #isLost = false;
  #waiting = 0;
  #isNudging = false;
  #deadline = 0;

  constructor({ queue, lost }: GPUDevice) {
    this.#queue = queue;
    void lost.then(() => {
      this.#isLost = true;
    });
  }

  /** Finds out whether nudges are needed. Call it while the GPU has nothing to do, because it times empty waits. */
  async measure(): Promise<void> {
    let late = 0;
    for (let trial = 0; trial < TRIALS && !this.#isLost; trial++) {
      if (await this.#comesAfterNudges()) late++;
      else if (trial - late === TRIALS - LATE_WAITS) break; // promptly, too often to be chance
    }
    this.#needNudges = late >= LATE_WAITS;
  }

  /** Resolves or rejects as `answer` does, and nudges the browser until then where it needs that. */
  async wait<T>(answer: Promise<T>): Promise<T> {
    if (!this.#needNudges) return answer;
    this.#waiting++;
    void this.#nudge();
    try {
      return await answer;
    } finally {
      this.#waiting--;
      this.#deadline = performance.now() + GIVE_UP_MS;
    }
  }

  /** Whether the answer to an empty wait is late, and comes once the browser is nudged. */
  async #comesAfterNudges(): Promise<boolean> {
    const answer = this.#queue.onSubmittedWorkDone().catch(() => {}); // a loss is told to those who wait for work
    let hasCome = false;
    const noted = answer.then(() => {
      hasCome = true;
    });
    await Promise.race([noted, pause(LATE_MS)]);
    if (!hasCome) await nextTask(); // where the page was busy, it has come and was not handled yet
    if (hasCome) return false;
    this.#waiting++;
    void this.#nudge();
    await Promise.race([noted, pause(LATE_MS)]);
    this.#waiting--;
    return hasCome;
  }

  async #nudge(): Promise<void> {
    this.#deadline = performance.now() + GIVE_UP_MS;
    if (this.#isNudging) return;
    this.#isNudging = true;
    for (;;) {
      await pause(NUDGE_MS);
      await nextTask(); // browsers stretch a timer that a timer sets to 4 ms
      if (this.#waiting === 0 || this.#isLost || performance.now() > this.#deadline) break;
      this.#queue.submit([]);
    }
    this.#isNudging = false;
  }
}
