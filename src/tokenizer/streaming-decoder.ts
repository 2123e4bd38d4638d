import type { Tokenizer } from "./tokenizer.ts";

/**
 * Turns tokens into text one at a time. A token may end in the middle of a character: its last bytes are held back
 * until the tokens that complete it arrive. The pieces joined are what `decode` makes of all the ids at once.
 */
export class StreamingDecoder {
  readonly #tokenizer: Pick<Tokenizer, "bytes">;
  readonly #utf8 = new TextDecoder("utf-8", { ignoreBOM: true }); // a U+FEFF is a character like any other

  constructor(tokenizer: Pick<Tokenizer, "bytes">) {
    this.#tokenizer = tokenizer;
  }

  /**
   * The characters that `id` completes; empty when there are none yet.
   * @throws NextTokenError "id-out-of-range" for an id that is not in the vocabulary; nothing is lost by it.
   */
  push(id: number): string {
    return this.#utf8.decode(this.#tokenizer.bytes(id), { stream: true });
  }

  /** What is still held back, as U+FFFD, since it never became a character. The decoder is then as good as new. */
  flush(): string {
    return this.#utf8.decode();
  }
}
