import type { DropoutStream } from "../weights/seed/dropout-stream.ts";

/** The dims with which a kernel makes the mask of one call of dropout. */
export interface DropoutMask {
  dropout_seed: number;
  keep_threshold: number;
  keep_prob_bits: number;
}

/** The masks of a pass in training mode: each call of dropout takes the next seed of the generator that made the weights. */
export class DropoutMasks {
  readonly #stream: DropoutStream;
  readonly #keep_threshold: number;
  readonly #keep_prob_bits: number;

  /** @param threshold `keepThreshold(drop_rate)` */
  constructor(stream: DropoutStream, drop_rate: number, threshold: number) {
    this.#stream = stream;
    this.#keep_threshold = threshold;
    this.#keep_prob_bits = new Uint32Array(new Float32Array([1 - drop_rate]).buffer)[0]!;
  }

  next(): DropoutMask {
    return {
      dropout_seed: this.#stream.nextSeed(),
      keep_threshold: this.#keep_threshold,
      keep_prob_bits: this.#keep_prob_bits,
    };
  }
}

/** The dims of a kernel that applies no dropout. */
export const noMask: DropoutMask = { dropout_seed: 0, keep_threshold: 0, keep_prob_bits: 0 };
