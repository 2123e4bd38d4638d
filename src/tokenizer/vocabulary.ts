import { NextTokenError } from "../errors.ts";

/** Stands for the token of two neighbours that together are none; GPT-2's ids end below it. */
export const NONE = 0xffff;

/** How many pairs' tokens are remembered: most pairs of any text, in 400 KB. */
const REMEMBERED = 2 ** 16;

/** How many tokens are read between two breaks, in about a millisecond. */
const STEP = 1024;

/**
 * The tokens of a byte pair encoding, both ways. Bytes are kept in strings, each a character from U+0000 to U+00FF,
 * since a Map can look up strings.
 */
export class Vocabulary {
  readonly #bytes: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #longest: number;
  /** By where a pair is remembered: its two ids, and what they become. Of two pairs with one place the later stays. */
  readonly #left = new Uint16Array(REMEMBERED).fill(NONE);
  readonly #right = new Uint16Array(REMEMBERED);
  readonly #joined = new Uint16Array(REMEMBERED);

  /**
   * @param bytes of all tokens, by id
   * @param ids of those that text may become: without the special ones
   */
  constructor(bytes: readonly string[], ids: ReadonlyMap<string, number>) {
    this.#bytes = bytes;
    this.#ids = ids;
    this.#longest = bytes.reduce((longest, { length }) => Math.max(longest, length), 0);
  }

  /** @throws NextTokenError "id-out-of-range" for an id that is not in the vocabulary. */
  bytes(id: number): string {
    const bytes = this.#bytes[id];
    if (bytes !== undefined) return bytes;
    throw new NextTokenError(
      "id-out-of-range",
      `There is no token with the id ${id}. Give whole numbers from 0 to ${this.#bytes.length - 1}.`,
    );
  }

  idOfByte(byte: number): number {
    return this.#ids.get(String.fromCharCode(byte))!;
  }

  /** The token that is the whole of a piece of text, if there is one: for an ordinary word there mostly is. */
  idOfText(piece: string): number | undefined {
    if (piece.length > this.#longest) return undefined;
    const bytes = isAscii.test(piece) ? piece : String.fromCharCode(...utf8.encode(piece));
    return this.#ids.get(bytes);
  }

  /** The token that has the bytes of two others, one behind the other; NONE when there is none. */
  join(left: number, right: number): number {
    const place = (Math.imul(left, 0x9e3b) ^ right) & (REMEMBERED - 1);
    if (this.#left[place] !== left || this.#right[place] !== right) {
      this.#left[place] = left;
      this.#right[place] = right;
      this.#joined[place] = this.#ids.get(this.#bytes[left]! + this.#bytes[right]!) ?? NONE;
    }
    return this.#joined[place]!;
  }
}

const utf8 = new TextEncoder();
const isAscii = /^\p{ASCII}*$/u;

/** Bytes as they are kept here, as bytes. */
export function toBytes(kept: string): Uint8Array {
  const bytes = new Uint8Array(kept.length);
  for (let i = 0; i < kept.length; i++) bytes[i] = kept.charCodeAt(i);
  return bytes;
}

/**
 * Reads the ranks as js-tiktoken ships them: lines such as "! 0 IQ== Ig==", whose tokens, in base64, have the ids from 0 on.
 * @yields often, so that a page can do something else meanwhile
 */
export function* readVocabulary({
  bpe_ranks,
  special_tokens,
}: {
  readonly bpe_ranks: string;
  readonly special_tokens: Readonly<Record<string, number>>;
}): Generator<void, Vocabulary> {
  const bytes: string[] = [];
  const ids = new Map<string, number>();
  for (const line of bpe_ranks.split("\n")) {
    const [, firstId, ...tokens] = line.split(" ");
    for (const [i, token] of tokens.entries()) {
      const id = Number(firstId) + i;
      bytes[id] = atob(token);
      ids.set(bytes[id], id);
      if (i % STEP === 0) yield;
    }
  }
  for (const [text, id] of Object.entries(special_tokens)) bytes[id] = text; // which is ASCII
  return new Vocabulary(bytes, ids);
}
