import bytes from "../../../assembly/seed/blocks.ts?wasm";
import { BLOCK, type Blocks } from "./blocks.ts";
import { type MersenneTwister, STATE_WORDS } from "./mersenne-twister.ts";

// Memory, in bytes: the generator's window and the words of a block behind it, as in PlainBlocks; then the block itself.
const WORDS_AT = 0;
const BLOCK_AT = 4 * (STATE_WORDS + BLOCK);
const PAGES = 1; // of 64 KiB

/** The functions of assembly/seed/blocks.ts. */
interface Exports {
  draw(words: number, block: number, n: number, center: number, scale: number): void;
  boxMuller(block: number, n: number): void;
}

/** The inner loops in WebAssembly with 128-bit vectors. */
export class SimdBlocks implements Blocks {
  readonly block: Float32Array;
  readonly #functions: Exports;

  /** Throws where the page may not compile WebAssembly, or the browser has none. */
  constructor(generator: MersenneTwister) {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    this.#functions = exports as unknown as Exports;
    new Int32Array(memory.buffer, WORDS_AT).set(generator.window);
    this.block = new Float32Array(memory.buffer, BLOCK_AT, BLOCK);
  }

  draw(n: number, center: number, scale: number): void {
    this.#functions.draw(WORDS_AT, BLOCK_AT, n, center, scale);
  }

  boxMuller(n: number): void {
    this.#functions.boxMuller(BLOCK_AT, n);
  }
}
