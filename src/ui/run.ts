import type { GenerateStep } from "../index.ts";
import { StreamingDecoder } from "../tokenizer/streaming-decoder.ts";
import type { PageTokenizer } from "./backend.ts";
import type { RecordedStep } from "./session-state.ts";

/** One call of the notebook's loop: left between any two steps and taken up again, each step timed. */
export class Run {
  readonly tokenizer: PageTokenizer;
  readonly #steps: AsyncGenerator<GenerateStep, void>;
  readonly #decoder: StreamingDecoder;
  #isFirstOfRun = true;

  /** @param generated what earlier runs appended; a character may have begun there */
  constructor(steps: AsyncGenerator<GenerateStep, void>, tokenizer: PageTokenizer, generated: number[]) {
    this.tokenizer = tokenizer;
    this.#steps = steps;
    this.#decoder = new StreamingDecoder(tokenizer);
    for (const id of generated) this.#decoder.push(id);
  }

  /** The next step; undefined when there is none. */
  async next(): Promise<RecordedStep | undefined> {
    const started = performance.now();
    const { value: step } = await this.#steps.next();
    if (!step) return undefined;
    const isFirstOfRun = this.#isFirstOfRun;
    this.#isFirstOfRun = false;
    return { ...step, milliseconds: performance.now() - started, isFirstOfRun };
  }

  /** The characters that `id` completes. */
  text(id: number): string {
    return this.#decoder.push(id);
  }

  leave(): void {
    this.#steps.return().catch(() => {}); // what it fails with has been reported by the step that failed
  }
}
