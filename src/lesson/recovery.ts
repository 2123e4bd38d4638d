import { NextTokenError } from "../errors.ts";

/** Waits before another try, in milliseconds: at once, then longer; browsers withhold the GPU for a while after crashes. */
const WAITS = [0, 2_000, 8_000, 30_000];

/** How often the GPU was lost without a token in between, and what to do about it. */
export class Recovery {
  #losses = 0;

  /** The GPU computed something: the losses before no longer count. */
  worked(): void {
    this.#losses = 0;
  }

  /**
   * Milliseconds to wait before the model is built anew after `failure`.
   * Throws the failure to show when waiting cannot help.
   */
  waitAfter(failure: NextTokenError): number {
    const isLoss = failure.code === "device-lost" || (failure.code === "no-adapter" && this.#losses > 0);
    if (!isLoss) throw failure;
    const wait = WAITS[this.#losses++];
    if (wait !== undefined) return wait;
    this.#losses = 0;
    throw new NextTokenError(
      "device-lost",
      `The browser lost the GPU ${WAITS.length + 1} times in a row. The text is kept. Close other tabs that use the GPU, ` +
        "or restart the browser, and then press Play.",
      { cause: failure },
    );
  }
}
