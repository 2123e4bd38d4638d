import type { Blocks } from "./blocks.ts";
import { createBlocks, fill } from "./fill.ts";
import { jumped } from "./jump.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import type { Share } from "./plan.ts";

/** What to make: one share of the weights that `seed` gives a model. */
export interface ShareRequest {
  readonly seed: number;
  readonly share: Share;
}

/** Makes one share of the weights, batch after batch: in a worker, or on the spot where there is none. */
export class ShareMaker {
  readonly #share: Share;
  readonly #blocks: Blocks;
  #made = 0;

  constructor({ seed, share }: ShareRequest) {
    this.#share = share;
    this.#blocks = createBlocks(jumped(MersenneTwister.seeded(seed), share.drawsBefore));
  }

  /** Fills `buffer` with the next batch and returns the batch's number; undefined when the share is done. */
  makeInto(buffer: ArrayBuffer): number | undefined {
    const { from, batches } = this.#share;
    if (this.#made === batches.length) return undefined;
    let at = 0;
    for (const { parameter, length } of batches[this.#made]) {
      fill(this.#blocks, parameter.init, new Float32Array(buffer, at, length));
      at += 4 * length;
    }
    return from + this.#made++;
  }
}
