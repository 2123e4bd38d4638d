import { StreamingDecoder } from "../../tokenizer/streaming-decoder.ts";
import type { Tokenizer } from "../../tokenizer/tokenizer.ts";
import type { PageTokenizer } from "../backend.ts";

/**
 * GPT-2's tokenizer for models that have more tokens than GPT-2, such as a padding token added for fine-tuning: an id
 * that it does not know has the text `<50257>`. So nothing that is drawn from a model's ids can fail over one of them.
 */
export class AnyIdTokenizer implements PageTokenizer {
  readonly endOfText: number;
  readonly #tokenizer: Tokenizer;

  constructor(tokenizer: Tokenizer) {
    this.endOfText = tokenizer.endOfText;
    this.#tokenizer = tokenizer;
  }

  /** @throws NextTokenError "text-too-long" */
  encodeInSteps(text: string): Generator<number, number[]> {
    return this.#tokenizer.encodeInSteps(text);
  }

  decode(ids: readonly number[]): string {
    if (ids.every((id) => this.#isKnown(id))) return this.#tokenizer.decode(ids); // far faster
    const decoder = new StreamingDecoder(this);
    return ids.map((id) => decoder.push(id)).join("") + decoder.flush();
  }

  bytes(id: number): Uint8Array {
    return this.#isKnown(id) ? this.#tokenizer.bytes(id) : new TextEncoder().encode(`<${id}>`);
  }

  #isKnown(id: number): boolean {
    return id < this.#tokenizer.vocabSize;
  }
}
