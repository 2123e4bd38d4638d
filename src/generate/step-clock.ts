/**
 * Times steps that are submitted one behind the other and run one at a time: a step begins when it is submitted, or when
 * the one before it is over, and what the caller does meanwhile is not counted.
 */
export class StepClock {
  readonly #now: () => number;
  #lastEnd = Number.NEGATIVE_INFINITY;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** @returns the result of a step that was just submitted, and how long it took, in milliseconds */
  async time<Result>(step: Promise<Result>): Promise<Result & { milliseconds: number }> {
    const submitted = this.#now();
    const result = await step;
    const end = this.#now();
    const milliseconds = end - Math.max(submitted, this.#lastEnd);
    this.#lastEnd = end;
    return { ...result, milliseconds };
  }
}
