import type { DropoutStream } from "../weights/dropout-stream.ts";

/** The dims with which a kernel makes the mask of one call of dropout. */
export interface DropoutMask {
  dropout_seed: number;
  keep_below: number;
  keep_bits: number;
}

/** The masks of a pass in training mode: each call of dropout takes the next seed of the generator that made the weights. */
export class DropoutMasks {
  readonly #stream: DropoutStream;
  readonly #keep_below: number;
  readonly #keep_bits: number;

  /** @param keepBelow `keepThreshold(drop_rate)` */
  constructor(stream: DropoutStream, drop_rate: number, keepBelow: number) {
    this.#stream = stream;
    this.#keep_below = keepBelow;
    this.#keep_bits = new Uint32Array(new Float32Array([1 - drop_rate]).buffer)[0]!;
  }

  next(): DropoutMask {
    return {
      dropout_seed: this.#stream.nextSeed(),
      keep_below: this.#keep_below,
      keep_bits: this.#keep_bits,
    };
  }
}

/** What a kernel is given where nothing is dropped out. */
export const noMask: DropoutMask = { dropout_seed: 0, keep_below: 0, keep_bits: 0 };
