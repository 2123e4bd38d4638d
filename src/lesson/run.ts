import { NextTokenError } from "../errors.ts";
import type { GenerateStep, Sampling } from "../index.ts";
import { headsIn } from "./ablate.ts";
import type { LoadedModel } from "./backend.ts";
import type { RecordedStep, Settings } from "./session-state.ts";

/** Candidates kept of every step. */
const TOP_K = 10;

/** What a step of a model with this `config` is computed with, as the settings say. */
export const runOptions = (
  { contextSize, kvCache, sampling, ablate }: Settings,
  config: LoadedModel["config"],
) => ({
  contextSize,
  kvCache,
  sampling,
  ablate: headsIn(config, ablate),
  topK: TOP_K,
  summary: true,
});

/** How many tokens a run is to append: a page may have set anything. */
export function checkLength(maxNewTokens: number): void {
  if (Number.isSafeInteger(maxNewTokens) && maxNewTokens >= 0) return;
  throw new NextTokenError(
    "bad-max-new-tokens",
    `max-new-tokens is ${maxNewTokens}; it must be a whole number, zero or more.`,
  );
}

/** One call of the loop: left between any two steps and taken up again. */
export class Run {
  readonly #steps: AsyncGenerator<GenerateStep, void>;
  readonly #sampling: Sampling | undefined;
  readonly #ranWith: RecordedStep["ranWith"];
  readonly #note: string | undefined;
  #isFirst = true;

  /**
   * @param steps with a summary of each
   * @param options how their ids are drawn, and what they run with
   * @param note what is worth knowing of the run
   */
  constructor(
    steps: AsyncGenerator<GenerateStep, void>,
    { sampling, kvCache, contextSize, ablate }: Pick<Settings, "sampling" | keyof RecordedStep["ranWith"]>,
    note?: string,
  ) {
    this.#steps = steps;
    this.#sampling = sampling;
    this.#ranWith = { kvCache, contextSize, ablate };
    this.#note = note;
  }

  /** The next step, and what the first one has to note; undefined when there is none. */
  async next(): Promise<{ step: RecordedStep; note: string | undefined } | undefined> {
    const { value } = await this.#steps.next();
    if (!value) return undefined;
    const { summary, chosen, note, ...step } = value;
    const isFirstOfRun = this.#isFirst;
    this.#isFirst = false;
    const sampling = this.#sampling;
    const notes = isFirstOfRun ? [this.#note, note].filter((each) => each !== undefined) : [];
    return {
      step: { ...step, chosen: chosen!, logits: summary!, sampling, isFirstOfRun, ranWith: this.#ranWith },
      note: notes.length > 0 ? notes.join(" ") : undefined,
    };
  }

  leave(): void {
    this.#steps.return().catch(() => {}); // what it fails with has been reported by the step that failed
  }
}
