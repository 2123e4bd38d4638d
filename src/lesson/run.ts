import type { GenerateStep, Sampling } from "../index.ts";
import { probabilityOf, summarize } from "./logit-summary.ts";
import type { RecordedStep } from "./session-state.ts";

/** One call of the loop: left between any two steps and taken up again, each step timed and summed up. */
export class Run {
  readonly #steps: AsyncGenerator<GenerateStep, void>;
  readonly #sampling: Sampling | undefined;
  #isFirst = true;

  /**
   * @param steps with the logits of each
   * @param sampling how their ids are drawn
   */
  constructor(steps: AsyncGenerator<GenerateStep, void>, sampling: Sampling | undefined) {
    this.#steps = steps;
    this.#sampling = sampling;
  }

  /** The next step, and what the first one has to note; undefined when there is none. */
  async next(): Promise<{ step: RecordedStep; note: string | undefined } | undefined> {
    const started = performance.now();
    const { value } = await this.#steps.next();
    if (!value) return undefined;
    const { logits: scores, note, ...step } = value;
    const logits = scores!.map(summarize);
    const chosen = step.ids.map((id, row) => {
      const logit = scores![row]![id]!;
      return { id, logit, probability: probabilityOf(logit, logits[row]!) };
    });
    const isFirstOfRun = this.#isFirst;
    this.#isFirst = false;
    const milliseconds = performance.now() - started;
    const sampling = this.#sampling;
    return { step: { ...step, chosen, sampling, logits, milliseconds, isFirstOfRun }, note };
  }

  leave(): void {
    this.#steps.return().catch(() => {}); // what it fails with has been reported by the step that failed
  }
}
