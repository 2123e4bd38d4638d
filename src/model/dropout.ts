import { dropout } from "../kernels/dropout.ts";
import type { DropoutStream } from "../weights/dropout-stream.ts";
import type { Pass } from "../pass/pass.ts";

/** nn.Dropout in training mode: each call draws one seed from the generator that made the weights. */
export class Dropout {
  readonly #stream: DropoutStream;
  readonly #keep_below: number;
  readonly #keep_bits: number;

  constructor(stream: DropoutStream, drop_rate: number, keepBelow: number) {
    this.#stream = stream;
    this.#keep_below = keepBelow;
    this.#keep_bits = new Uint32Array(new Float32Array([1 - drop_rate]).buffer)[0]!;
  }

  /** The dims with which a kernel drops out elements by itself. */
  draw(): { dropout_seed: number; keep_below: number; keep_bits: number } {
    return {
      dropout_seed: this.#stream.nextSeed(),
      keep_below: this.#keep_below,
      keep_bits: this.#keep_bits,
    };
  }

  /** y = shortcut + dropout(x), `size` values. */
  forward({ recording }: Pass, x: GPUBuffer, y: GPUBuffer, size: number, shortcut?: GPUBuffer): GPUBuffer {
    recording.add(
      dropout,
      { x, shortcut: shortcut ?? x, y },
      { size, ...this.draw() },
      { has_shortcut: Number(shortcut !== undefined) },
    );
    return y;
  }
}
