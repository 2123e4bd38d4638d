import { StreamingDecoder } from "../tokenizer/streaming-decoder.ts";
import type { PageTokenizer } from "./backend.ts";
import type { Emit, RecordedStep } from "./session-state.ts";

/** Emits the events of a text, each once, however often the playhead passes the same token. */
export class EventLog {
  readonly #emit: Emit;
  /** For each row. */
  #decoders: StreamingDecoder[] = [];
  #emitted = 0;
  /** How many tokens there were at the last `done`. */
  #finished = 0;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Forgets the text: another one begins. */
  clear(): void {
    this.#decoders = [];
    this.#emitted = 0;
    this.#finished = 0;
  }

  /** @param start what the text starts from, [B, T] */
  begin(start: readonly (readonly number[])[], tokenizer: PageTokenizer): void {
    this.#decoders = start.map(() => new StreamingDecoder(tokenizer));
  }

  /** Emits `token` for each of the first `appended` tokens of every row that it was not emitted for. */
  tokens(start: readonly (readonly number[])[], steps: readonly RecordedStep[], appended: number): void {
    for (; this.#emitted < appended; this.#emitted++) {
      for (const [row, { id, probability }] of steps[this.#emitted]!.chosen.entries()) {
        const text = this.#decoders[row]!.push(id);
        const position = start[row]!.length + this.#emitted;
        this.#emit("token", { id, text, row, position, probability });
      }
    }
  }

  /** Emits `done` for each row, unless it was emitted for a text of this length. */
  done(rows: readonly number[][], texts: readonly string[], length: number): void {
    if (this.#finished === length) return; // walked here again
    this.#finished = length;
    for (const [row, ids] of rows.entries()) this.#emit("done", { ids, text: texts[row]! });
  }
}
