import type { GPTConfig } from "../model/config.ts";
import type { Blocks } from "./blocks.ts";
import { createBlocks, fill } from "./fill.ts";
import { jumped } from "./jump.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { type Batch, planBatches, type Share } from "./plan.ts";

/** What to make: one share of the weights that `seed` gives a model. */
export interface ShareRequest {
  readonly seed: number;
  readonly config: GPTConfig;
  readonly share: Share;
}

/** Makes one share of the weights, batch after batch: in a worker, or on the spot where there is none. */
export class ShareMaker {
  readonly #batches: readonly Batch[];
  readonly #blocks: Blocks;
  readonly #to: number;
  #next: number;

  constructor({ seed, config, share }: ShareRequest) {
    this.#batches = planBatches(config);
    this.#blocks = createBlocks(jumped(MersenneTwister.seeded(seed), share.drawsBefore));
    this.#next = share.from;
    this.#to = share.to;
  }

  /** Fills `buffer` with the next batch and returns the batch's number; undefined when the share is done. */
  makeInto(buffer: ArrayBuffer): number | undefined {
    if (this.#next === this.#to) return undefined;
    const number = this.#next++;
    let at = 0;
    for (const { parameter, length } of this.#batches[number]) {
      fill(this.#blocks, parameter.init, new Float32Array(buffer, at, length));
      at += 4 * length;
    }
    return number;
  }
}
