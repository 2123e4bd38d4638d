import type { Progress } from "../../config.ts";
import type { NextTokenError } from "../../errors.ts";
import { asNextTokenError } from "../failure.ts";
import { type Comparison, compare } from "./compare.ts";
import type { Output } from "./output.ts";

export interface CellState {
  verdict: "waiting" | "running" | "agrees" | "differs";
  /** What was computed here, and how it compares. */
  ours?: Output;
  comparison?: Comparison;
}

/** All that the page shows of a run; replaced at every change, never changed in place. */
export interface NotebookState {
  activity: "idle" | "running";
  /** Of the model that is being built. */
  progress: Progress | undefined;
  cells: readonly CellState[];
  failure: NextTokenError | undefined;
}

export interface NotebookHooks {
  onProgress: (progress: Progress) => void;
  signal: AbortSignal;
}

/** Yields what the cells print, in their order. */
export type Notebook = (hooks: NotebookHooks) => AsyncGenerator<Output, void, void>;

/** Runs the notebook from top to bottom, one cell at a time, and holds what each prints to what it should. */
export class NotebookRun {
  state: NotebookState;
  readonly #load: () => Promise<Notebook>;
  readonly #printed: readonly Output[];
  readonly #changed: () => void;
  #wanted = new AbortController();

  /**
   * @param load brings the notebook's code when it is first run
   * @param printed what each cell should print
   * @param changed called after every change of `state`
   */
  constructor(load: () => Promise<Notebook>, printed: readonly Output[], changed: () => void) {
    this.#load = load;
    this.#printed = printed;
    this.#changed = changed;
    this.state = { activity: "idle", progress: undefined, cells: this.#waiting(), failure: undefined };
  }

  /** Settles when the last cell has run, or one has failed, or the run was stopped; what goes wrong is in `state`. */
  async run(): Promise<void> {
    if (this.state.activity === "running") return;
    const { signal } = this.#wanted;
    const cells = this.#waiting().with(0, { verdict: "running" });
    this.#update({ activity: "running", cells, failure: undefined });
    const onProgress = (progress: Progress) => {
      if (!signal.aborted) this.#update({ progress });
    };
    try {
      const notebook = await this.#load();
      let cell = 0;
      for await (const ours of notebook({ onProgress, signal })) {
        if (signal.aborted) return;
        this.#judge(cell++, ours);
        await painted();
        if (signal.aborted) return;
      }
    } catch (cause) {
      if (signal.aborted) return;
      this.#update({ failure: asNextTokenError(cause) });
    }
    if (!signal.aborted) this.#rest();
  }

  /** Leaves the run after the call under way. Cells that have run keep what they found. */
  stop(): void {
    if (this.state.activity === "idle") return;
    this.#wanted.abort();
    this.#wanted = new AbortController();
    this.#rest();
  }

  #judge(cell: number, ours: Output): void {
    const comparison = compare(this.#printed[cell]!, ours);
    const cells = this.state.cells.with(cell, {
      verdict: comparison.agrees ? "agrees" : "differs",
      ours,
      comparison,
    });
    if (cell + 1 < cells.length) cells[cell + 1] = { verdict: "running" };
    this.#update({ cells, progress: undefined });
  }

  #rest(): void {
    const cells = this.state.cells.map(
      (cell): CellState => (cell.verdict === "running" ? { verdict: "waiting" } : cell),
    );
    this.#update({ activity: "idle", progress: undefined, cells });
  }

  #waiting(): CellState[] {
    return this.#printed.map(() => ({ verdict: "waiting" }));
  }

  #update(change: Partial<NotebookState>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }
}

/** Lets the page show a cell's verdict before the next cell takes the processor. */
function painted(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
