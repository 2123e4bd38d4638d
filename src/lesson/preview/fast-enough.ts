import type { GPTConfig } from "../../config.ts";

/** How long a forward pass may take so that its answer follows what is typed, in milliseconds. */
const LIMIT = 50;

/** The fastest of so many last passes counts: others may have compiled something, or waited for a busy machine. */
const REMEMBERED = 8;

/** Before so many are known, a model is tried if it has at most so many weights ... */
const FEW_PASSES = 3;
const FEW_WEIGHTS = 20_000_000;
/** ... and a text if a pass over it takes at most so many multiplications. */
const FEW_MULTIPLICATIONS = 200_000_000;

type Size = Pick<GPTConfig, "vocab_size" | "emb_dim" | "n_layers">;

/** The shape of what a pass reads, [B, T]. */
type Shape = readonly [batch: number, num_tokens: number];

/** Whether a model answers while one types: by how long its passes took, and by its size before any was timed. */
export class FastEnough {
  readonly #config: Size;
  /** Multiplications a millisecond, of the last passes. */
  #speeds: number[] = [];

  constructor(config: Size) {
    this.#config = config;
  }

  took(shape: Shape, milliseconds: number): void {
    this.#speeds = [...this.#speeds, this.#multiplications(shape) / milliseconds].slice(-REMEMBERED);
  }

  /** Whether a pass over a text of this shape is worth trying. */
  allows(shape: Shape): boolean {
    const multiplications = this.#multiplications(shape);
    if (this.#speeds.length >= FEW_PASSES) return multiplications / Math.max(...this.#speeds) <= LIMIT;
    return this.#multiplications([1, 1]) <= FEW_WEIGHTS && multiplications <= FEW_MULTIPLICATIONS;
  }

  /** Those with the matrices of the blocks for every token, and with the head's for the last of a row. */
  #multiplications([batch, num_tokens]: Shape): number {
    const { vocab_size, emb_dim, n_layers } = this.#config;
    return batch * (vocab_size * emb_dim + num_tokens * n_layers * 12 * emb_dim ** 2);
  }
}
