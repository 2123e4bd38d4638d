import { vi } from "vitest";

/** How a simulated browser tells what its GPU has done. */
export interface Manner {
  /** Looks every so many milliseconds; undefined for one that tells at once. */
  pollMs?: number;
  /** Whether it also looks when something is submitted. */
  looksWhenNudged?: boolean;
}

/** What Firefox 153 does. */
export const FIREFOX: Manner = { pollMs: 103, looksWhenNudged: true };
export const DEAF: Manner = { pollMs: 103, looksWhenNudged: false };
export const PROMPT: Manner = {};

/** A GPU that does one thing after the other, and a browser that tells of it, on a clock of their own. */
export class SimulatedGpu {
  /** Submissions with nothing in them. */
  nudges = 0;
  /** Milliseconds of work that was submitted and is not done: the most that there ever was. */
  mostAhead = 0;
  readonly queue: GPUQueue;
  readonly lost: Promise<GPUDeviceLostInfo>;
  lose!: () => void;
  readonly #manner: Manner;
  #freeAt = 0;
  #waits: { at: number; tell: () => void }[] = [];

  constructor(manner: Manner) {
    this.#manner = manner;
    this.lost = new Promise((resolve) => {
      this.lose = () => resolve({ reason: "unknown", message: "" } as GPUDeviceLostInfo);
    });
    this.queue = {
      submit: (buffers: unknown[]) => {
        if (buffers.length === 0) this.nudges++;
        this.#submitted();
      },
      onSubmittedWorkDone: () => this.#done(),
    } as unknown as GPUQueue;
    if (manner.pollMs) setInterval(() => this.#look(), manner.pollMs);
  }

  /** Submits work of so many milliseconds; resolves when the browser tells that it is done. */
  work(ms: number): Promise<undefined> {
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + ms;
    this.mostAhead = Math.max(this.mostAhead, this.#freeAt - performance.now());
    this.#submitted();
    return this.#done();
  }

  #done(): Promise<undefined> {
    const { promise, resolve } = withResolvers();
    this.#waits.push({ at: this.#freeAt, tell: resolve });
    if (!this.#manner.pollMs) setTimeout(() => this.#look(), Math.max(0, this.#freeAt - performance.now()));
    return promise;
  }

  #submitted(): void {
    if (this.#manner.looksWhenNudged) this.#look();
  }

  #look(): void {
    const isDone = ({ at }: { at: number }) => at <= performance.now();
    for (const { tell } of this.#waits.filter(isDone)) tell();
    this.#waits = this.#waits.filter((wait) => !isDone(wait));
  }
}

function withResolvers(): { promise: Promise<undefined>; resolve: () => void } {
  let resolve!: () => void;
  const promise = new Promise<undefined>((done) => {
    resolve = () => done(undefined);
  });
  return { promise, resolve };
}

/** Lets timers, the clock and messages follow the time of `vi`; `vi.useRealTimers` and `vi.unstubAllGlobals` undo it. */
export function simulateTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "performance"] });
  const Channel = class {
    port1 = { onmessage: () => {}, close() {} };
    port2 = { postMessage: () => setTimeout(() => this.port1.onmessage()) };
  };
  vi.stubGlobal("MessageChannel", Channel);
}
