import type { TiktokenBPE } from "js-tiktoken/lite";
import { NextTokenError } from "../next-token-error.ts";

/** The bytes of every token, which js-tiktoken keeps to itself: it gives out only text, and half a character has none. */
export class TokenBytes {
  /** By id; decoded from base64 only when asked for, because decoding all of them at once would be felt. */
  readonly #base64: string[] = [];
  readonly #special = new Map<number, string>();

  constructor({ bpe_ranks, special_tokens }: TiktokenBPE) {
    for (const line of bpe_ranks.split("\n")) {
      const [, firstId, ...tokens] = line.split(" "); // "! 0 IQ== Ig== ...": the ids count up from the first
      tokens.forEach((token, i) => {
        this.#base64[Number(firstId) + i] = token;
      });
    }
    for (const [text, id] of Object.entries(special_tokens)) this.#special.set(id, text);
  }

  /** @throws NextTokenError "id-out-of-range" for an id that is not in the vocabulary. */
  of(id: number): Uint8Array {
    const base64 = this.#base64[id];
    if (base64 !== undefined) return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

    const special = this.#special.get(id);
    if (special !== undefined) return new TextEncoder().encode(special);

    const lastId = Math.max(this.#base64.length - 1, ...this.#special.keys());
    throw new NextTokenError(
      "id-out-of-range",
      `There is no token with the id ${id}. Give whole numbers from 0 to ${lastId}.`,
    );
  }
}
