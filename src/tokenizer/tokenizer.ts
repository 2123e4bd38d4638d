import { NextTokenError } from "../errors.ts";
import { inSlices } from "../next-task.ts";
import { mergeBytePairs } from "./byte-pair-merge.ts";
import { pieces } from "./pieces.ts";
import { readVocabulary, toBytes, type Vocabulary } from "./vocabulary.ts";

/** A text may be longer than any book, but not so long that its tokens do not fit into memory. */
export const MAX_CHARACTERS = 10_000_000;

/** How many pieces are encoded between two breaks, in about a millisecond. */
const STEP = 256;

/** GPT-2's tokenizer: text to token ids and back. Made by `loadTokenizer`. */
export class Tokenizer {
  /** The id of `<|endoftext|>`, which is also what an empty prompt starts from. Typed text never becomes it. */
  readonly endOfText = 50256;
  /** Ids are 0 to `vocabSize - 1`. */
  readonly vocabSize = 50257;
  readonly #vocabulary: Vocabulary;

  constructor(vocabulary: Vocabulary) {
    this.#vocabulary = vocabulary;
  }

  /**
   * The token ids of `text`; of an empty text none. `<|endoftext|>` is text like any other, and half a surrogate
   * pair is encoded as U+FFFD, since it has no UTF-8. A million characters take about a second at the most.
   * @throws NextTokenError "text-too-long" for more than ten million characters.
   */
  encode(text: string): number[] {
    const steps = this.encodeInSteps(text);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
    }
  }

  /**
   * As `encode`, in steps of about a millisecond, between which a page can do something else.
   * @yields the share of the text that is done, 0 to 1
   * @throws NextTokenError "text-too-long" for more than ten million characters.
   */
  *encodeInSteps(text: string): Generator<number, number[]> {
    refuseLongText(text);
    const ids: number[] = [];
    let done = 0; // in characters
    let count = 0;
    for (const piece of pieces(text)) {
      if (piece === undefined || ++count % STEP === 0) yield done / text.length;
      if (piece === undefined) continue;
      const whole = this.#vocabulary.idOfText(piece);
      if (whole !== undefined) ids.push(whole);
      else {
        const merging = mergeBytePairs(utf8.encode(piece), this.#vocabulary, ids);
        for (const share of merging) yield (done + share * piece.length) / text.length;
      }
      done += piece.length;
    }
    return ids;
  }

  /**
   * The text of `ids`. Bytes that form no whole character become U+FFFD; `decode(encode(text))` is `text`.
   * @throws NextTokenError "id-out-of-range" for an id that is not in the vocabulary.
   */
  decode(ids: readonly number[]): string {
    const bytes = toBytes(ids.map((id) => this.#vocabulary.bytes(id)).join(""));
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes); // without ignoreBOM a leading U+FEFF is lost
  }

  /**
   * The UTF-8 bytes of one token, which may be only a part of a character.
   * @throws NextTokenError "id-out-of-range" for an id that is not in the vocabulary.
   */
  bytes(id: number): Uint8Array {
    return toBytes(this.#vocabulary.bytes(id));
  }
}

const utf8 = new TextEncoder();

function refuseLongText({ length }: string): void {
  if (length <= MAX_CHARACTERS) return;
  throw new NextTokenError(
    "text-too-long",
    `The text has ${length.toLocaleString("en")} characters; at most ${MAX_CHARACTERS.toLocaleString("en")} can be split into tokens. ` +
      "Use a shorter text.",
  );
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
  const { default: ranks } = await import("js-tiktoken/ranks/gpt2");
  return new Tokenizer(await inSlices(readVocabulary(ranks)));
}
