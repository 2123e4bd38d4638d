import type { GenerateStep, Sampling } from "../index.ts";
import type { RecordedStep } from "./session-state.ts";

/** One call of the loop: left between any two steps and taken up again. */
export class Run {
  readonly #steps: AsyncGenerator<GenerateStep, void>;
  readonly #sampling: Sampling | undefined;
  #isFirst = true;

  /**
   * @param steps with a summary of each
   * @param sampling how their ids are drawn
   */
  constructor(steps: AsyncGenerator<GenerateStep, void>, sampling: Sampling | undefined) {
    this.#steps = steps;
    this.#sampling = sampling;
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
      step: { ...step, chosen: chosen!, logits: summary!, sampling, isFirstOfRun },
      note,
    };
  }

  leave(): void {
    this.#steps.return().catch(() => {}); // what it fails with has been reported by the step that failed
  }
}
