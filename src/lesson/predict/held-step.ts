import type { RecordedStep } from "../session-state.ts";
import type { Question } from "./question.ts";

/** A step, and what is worth knowing of its run. */
export interface ComputedStep {
  readonly step: RecordedStep;
  readonly note: string | undefined;
}

/** Asks before a step is shown whether it may be, and keeps one that may not until it is let go. */
export class HeldStep {
  readonly #mayShow: (question: Question) => boolean;
  #held: ComputedStep | undefined;
  #isLetGo = false;

  /** @param mayShow asked before each step, and again for one that was held */
  constructor(mayShow: (question: Question) => boolean) {
    this.#mayShow = mayShow;
  }

  /** The step that is held. */
  get computed(): ComputedStep | undefined {
    return this.#held;
  }

  /** @returns whether `computed` may be shown; it is held otherwise */
  passes(computed: ComputedStep, question: Question): boolean {
    this.#held = computed; // who is asked may let it go at once
    const mayShow = this.#isLetGo || this.#mayShow(question);
    const passes = mayShow || this.#isLetGo;
    if (passes) this.drop();
    return passes;
  }

  /** The step that is held may be shown without being asked about. */
  letGo(): void {
    this.#isLetGo = this.#held !== undefined;
  }

  /** Forgets it: another text, or other settings, come to another step. */
  drop(): void {
    this.#held = undefined;
    this.#isLetGo = false;
  }
}
