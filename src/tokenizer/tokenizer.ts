import type { Tiktoken, TiktokenBPE } from "js-tiktoken/lite";
import { NextTokenError } from "../next-token-error.ts";
import { refuseSlowText } from "./refuse-slow-text.ts";
import { TokenBytes } from "./token-bytes.ts";

/** GPT-2's tokenizer: text to token ids and back. Made by `loadTokenizer`. */
export class Tokenizer {
  /** The id of `<|endoftext|>`, which is also what an empty prompt starts from. Typed text never becomes it. */
  readonly endOfText = 50256;
  /** Ids are 0 to `vocabSize - 1`. */
  readonly vocabSize = 50257;
  readonly #bpe: Tiktoken;
  readonly #pattern: string;
  readonly #tokenBytes: TokenBytes;

  constructor(bpe: Tiktoken, ranks: TiktokenBPE) {
    this.#bpe = bpe;
    this.#pattern = ranks.pat_str;
    this.#tokenBytes = new TokenBytes(ranks);
  }

  /**
   * The token ids of `text`; of an empty text none. `<|endoftext|>` is text like any other, and half a surrogate
   * pair is encoded as U+FFFD, since it has no UTF-8.
   * @throws NextTokenError "text-too-long" for a text that would take long enough to freeze the page.
   */
  encode(text: string): number[] {
    refuseSlowText(text, this.#pattern);
    return this.#bpe.encode(text, [], []);
  }

  /**
   * The text of `ids`. Bytes that form no whole character become U+FFFD; `decode(encode(text))` is `text`.
   * @throws NextTokenError "id-out-of-range" for an id that is not in the vocabulary.
   */
  decode(ids: readonly number[]): string {
    const tokens = ids.map((id) => this.bytes(id));
    const bytes = new Uint8Array(tokens.reduce((length, token) => length + token.length, 0));
    let offset = 0;
    for (const token of tokens) {
      bytes.set(token, offset);
      offset += token.length;
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes); // without ignoreBOM a leading U+FEFF is lost
  }

  /**
   * The UTF-8 bytes of one token, which may be only a part of a character.
   * @throws NextTokenError "id-out-of-range" for an id that is not in the vocabulary.
   */
  bytes(id: number): Uint8Array {
    return this.#tokenBytes.of(id);
  }
}

let loading: Promise<Tokenizer> | undefined;

/**
 * Loads the tokenizer (235 KB compressed) at the first call; every call answers with the same one.
 * @throws NextTokenError "tokenizer-not-loaded" when its files cannot be fetched. The next call tries again, but some browsers
 * (Chromium) remember an import that failed for as long as the page is open.
 */
export function loadTokenizer(): Promise<Tokenizer> {
  loading ??= load().catch((cause) => {
    loading = undefined;
    throw new NextTokenError(
      "tokenizer-not-loaded",
      "The tokenizer's files could not be loaded. Check the connection and reload the page.",
      { cause },
    );
  });
  return loading;
}

async function load(): Promise<Tokenizer> {
  const [{ Tiktoken }, { default: ranks }] = await Promise.all([
    import("js-tiktoken/lite"),
    import("js-tiktoken/ranks/gpt2"),
  ]);
  return new Tokenizer(new Tiktoken(ranks), ranks);
}
