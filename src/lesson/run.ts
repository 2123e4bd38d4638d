import type { GenerateStep, Sampling } from "../index.ts";
import type { RecordedStep, Settings } from "./session-state.ts";

/** Candidates kept of every step. */
const TOP_K = 10;

/** What a step is computed with, as the settings say. */
export const runOptions = ({ contextSize, kvCache, sampling }: Settings) => ({
  contextSize,
  kvCache,
  sampling,
  topK: TOP_K,
  summary: true,
});

/** One call of the loop: left between any two steps and taken up again. */
export class Run {
  readonly #steps: AsyncGenerator<GenerateStep, void>;
  readonly #sampling: Sampling | undefined;
  readonly #ranWith: RecordedStep["ranWith"];
  #isFirst = true;

  /**
   * @param steps with a summary of each
   * @param settings how their ids are drawn, and what they run with
   */
  constructor(
    steps: AsyncGenerator<GenerateStep, void>,
    settings: Pick<Settings, "sampling" | "kvCache" | "contextSize">,
  ) {
    this.#steps = steps;
    this.#sampling = settings.sampling;
    this.#ranWith = { kvCache: settings.kvCache, contextSize: settings.contextSize };
  }

  /** The next step, and what the first one has to note; undefined when there is none. */
  async next(): Promise<{ step: RecordedStep; note: string | undefined } | undefined> {
    const { value } = await this.#steps.next();
    if (!value) return undefined;
    const { summary, chosen, note, ...step } = value;
    const isFirstOfRun = this.#isFirst;
    this.#isFirst = false;
    const sampling = this.#sampling;
    return {
      step: { ...step, chosen: chosen!, logits: summary!, sampling, isFirstOfRun, ranWith: this.#ranWith },
      note,
    };
  }

  leave(): void {
    this.#steps.return().catch(() => {}); // what it fails with has been reported by the step that failed
  }
}
