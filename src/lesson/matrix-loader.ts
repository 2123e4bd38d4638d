import type { Backend, LoadedModel } from "./backend.ts";
import { drawnPositions, type LogitMatrix, logitMatrix } from "./logit-matrix.ts";
import { needsResult } from "./playhead.ts";
import type { SessionState } from "./session-state.ts";
import { rowsAfter } from "./text-so-far.ts";

/**
 * Computes the matrix of logits of the iteration at the playhead while somebody looks at it: once for each, beside what
 * else is under way, which it neither disturbs nor waits for. A fast run is left alone until it rests.
 */
export class MatrixLoader<M extends LoadedModel> {
  readonly #backend: Backend<M>;
  readonly #show: (matrix: LogitMatrix) => void;
  readonly #fail: (cause: unknown) => void;
  #looks = false;
  #state: SessionState | undefined;
  #model: M | undefined;
  /** The iteration whose matrix was asked for last. */
  #asked: { start: SessionState["start"]; step: number } | undefined;
  #isLoading = false;

  constructor(
    backend: Backend<M>,
    { show, fail }: { show: (matrix: LogitMatrix) => void; fail: (cause: unknown) => void },
  ) {
    this.#backend = backend;
    this.#show = show;
    this.#fail = fail;
  }

  /** Whether somebody looks. */
  look(looks: boolean): void {
    this.#looks = looks;
    void this.#load();
  }

  /** Takes what the page shows now. @param model undefined while there is none: nothing is built for this */
  follow(state: SessionState, model: M | undefined): void {
    this.#state = state;
    this.#model = model;
    void this.#load();
  }

  async #load(): Promise<void> {
    if (!this.#looks || this.#isLoading || !this.#state) return;
    const { at, start, steps, activity, pace } = this.#state;
    const isFast = activity === "generating" && pace === 0;
    if (isFast || !this.#model || !start || !at || !needsResult(at)) return;
    const { step } = at;
    const recorded = steps[step];
    if (!recorded || (this.#asked?.start === start && this.#asked.step === step)) return;
    this.#asked = { start, step };
    this.#isLoading = true;
    const isStillThere = () => this.#state?.start === start;
    const idx = rowsAfter(start, steps.slice(0, step)).map((row) => row.slice(recorded.contextStart));
    const num_tokens = idx[0]!.length;
    try {
      const { ablate } = recorded.ranWith;
      const logits = await this.#backend.logits(this.#model, idx, drawnPositions(num_tokens), ablate);
      if (isStillThere()) this.#show(logitMatrix(step, num_tokens, logits, recorded.ids));
    } catch (cause) {
      if (isStillThere()) this.#fail(cause);
    }
    this.#isLoading = false;
    void this.#load(); // of the iteration that one has come to meanwhile
  }
}
