import { NextTokenError } from "../next-token-error.ts";
import type { Backend, LoadedModel, PageTokenizer } from "./backend.ts";
import { asNextTokenError, costsTheModel } from "./failure.ts";
import { PromptIds } from "./prompt-ids.ts";
import { Run } from "./run.ts";
import {
  type Emit,
  nothingGenerated,
  type RecordedStep,
  type SessionState,
  type Settings,
} from "./session-state.ts";

/** Candidates kept of every step. */
const TOP_K = 10;

/**
 * What happens between the buttons and the model: builds the model when it is first needed, runs the loop, stops
 * between two tokens, and remembers every step. One piece of work at a time; a reset makes whatever is under way
 * count for nothing.
 */
export class Session<M extends LoadedModel = LoadedModel> {
  readonly prompt: PromptIds;
  state: SessionState = { activity: "idle", progress: undefined, adapter: undefined, ...nothingGenerated };

  readonly #backend: Backend<M>;
  readonly #emit: Emit;
  readonly #changed: () => void;
  #settings: Settings;
  #model: { loaded: M; key: string } | undefined;
  #run: Run | undefined;
  #wanted = new AbortController();
  #work: Promise<void> = Promise.resolve();

  /** @param changed called after every change of `state` or `prompt` */
  constructor(backend: Backend<M>, settings: Settings, emit: Emit, changed: () => void) {
    this.#backend = backend;
    this.#settings = settings;
    this.#emit = emit;
    this.#changed = changed;
    this.prompt = new PromptIds(() => backend.loadTokenizer(), changed);
  }

  /** Takes new settings. Those that change what comes out begin the text anew; a new number of tokens does not. */
  configure(settings: Settings): void {
    const before = this.#settings;
    this.#settings = settings;
    const changes = (key: keyof Settings) => !Object.is(settings[key], before[key]);
    if (changes("model") || changes("mask") || changes("contextSize")) this.reset();
    else if (changes("maxNewTokens") && this.state.activity === "idle") {
      this.#leaveRun();
      this.#update({ target: this.state.steps.length });
    }
  }

  setPrompt(text: string): void {
    if (text === this.prompt.text) return;
    this.prompt.set(text);
    this.reset();
  }

  /** Finishes the run that was left, or appends the next `maxNewTokens`. Settles when the work is over. */
  generate(): Promise<void> {
    return this.#start(Number.POSITIVE_INFINITY);
  }

  /** One token of the same. */
  step(): Promise<void> {
    return this.#start(1);
  }

  /** Stops after the token that is being computed; gives up a model that is being built. */
  pause(): void {
    if (this.state.activity === "generating") this.#update({ activity: "stopping" });
    else if (this.state.activity === "building") this.#abandon();
  }

  /** Back to the prompt. The model stays. */
  reset(): void {
    this.#abandon();
    this.#update(nothingGenerated);
  }

  /** Gives the model's memory back. The session can be used again; it then builds anew. */
  dispose(): void {
    this.#abandon();
    this.#work = this.#work.then(() => this.#forgetModel());
  }

  #start(steps: number): Promise<void> {
    if (this.state.activity !== "idle") return this.#work;
    const { signal } = this.#wanted;
    const activity = this.#model?.key === this.#key() ? "generating" : "building";
    this.#update({ activity, failure: undefined, text: undefined });
    this.#work = this.#work.then(() => this.#advance(steps, signal));
    return this.#work;
  }

  async #advance(steps: number, signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      const { ids, tokenizer } = await this.prompt.now();
      const model = await this.#build(signal);
      signal.throwIfAborted();
      this.#run ??= this.#begin(model, ids, tokenizer, signal);
      if (this.state.activity === "building") this.#update({ activity: "generating", progress: undefined });
      const run = this.#run;
      for (let i = 0; i < steps && this.state.activity === "generating"; i++) {
        if (!(await this.#takeStep(run, signal))) break;
      }
    } catch (cause) {
      if (!signal.aborted) this.#fail(cause);
    }
    if (!signal.aborted) this.#update({ activity: "idle", progress: undefined });
  }

  async #build(signal: AbortSignal): Promise<M> {
    const key = this.#key();
    if (this.#model?.key === key) return this.#model.loaded;
    const { model: source, mask } = this.#settings;
    const loaded = await this.#backend.build(source, mask, {
      signal,
      onProgress: (progress) => {
        if (signal.aborted) return;
        this.#update({ progress });
        this.#emit("progress", progress);
      },
    });
    const before = this.#model; // let go of only now: two masks of one seed share their weights
    this.#model = { loaded, key };
    before?.loaded.destroy();
    loaded.lost.then(({ message }) => this.#lose(loaded, message));
    this.#update({ adapter: loaded.adapter });
    this.#emit("ready", null);
    return loaded;
  }

  #begin(model: M, prompt: number[], tokenizer: PageTokenizer, signal: AbortSignal): Run {
    const { steps, start = prompt, target: left } = this.state;
    const { maxNewTokens, contextSize } = this.#settings;
    const target = steps.length < left ? left : steps.length + maxNewTokens;
    const generated = steps.map(({ ids }) => ids[0]!);
    this.#update({ start, target });

    const idx = [[...start, ...generated]];
    const options = { maxNewTokens: target - steps.length, contextSize, topK: TOP_K, signal };
    return new Run(this.#backend.generate(model, idx, options), tokenizer, generated);
  }

  /** @returns whether the run has more to give */
  async #takeStep(run: Run, signal: AbortSignal): Promise<boolean> {
    const step = await run.next();
    signal.throwIfAborted();
    if (step) this.#record(step, run);
    if (step && this.state.steps.length < this.state.target) return true;
    this.#finish(run);
    return false;
  }

  #record(step: RecordedStep, run: Run): void {
    const position = this.state.start!.length + this.state.steps.length;
    this.#update({ steps: [...this.state.steps, step] });
    const id = step.ids[0]!;
    const { probability } = step.top[0]!.find((candidate) => candidate.id === id)!;
    this.#emit("token", { id, text: run.text(id), row: 0, position, probability });
  }

  #finish(run: Run): void {
    const ids = [...this.state.start!, ...this.state.steps.map((step) => step.ids[0]!)];
    const text = run.tokenizer.decode(ids);
    this.#leaveRun();
    this.#update({ text });
    this.#emit("done", { ids, text });
  }

  #lose(model: M, message: string): void {
    if (this.#model?.loaded !== model) return;
    this.#abandon();
    this.#fail(new NextTokenError("device-lost", message));
  }

  #fail(cause: unknown): void {
    const failure = asNextTokenError(cause);
    this.#leaveRun();
    if (costsTheModel(failure)) this.#forgetModel();
    this.#update({ failure });
    this.#emit("error", { code: failure.code, message: failure.message });
  }

  /** Whatever is under way no longer counts; work asked for from now on waits until it has come to rest. */
  #abandon(): void {
    this.#wanted.abort();
    this.#wanted = new AbortController();
    this.#leaveRun();
    this.#update({ activity: "idle", progress: undefined });
  }

  #leaveRun(): void {
    this.#run?.leave();
    this.#run = undefined;
  }

  #forgetModel(): void {
    const model = this.#model;
    this.#model = undefined;
    model?.loaded.destroy();
    this.#update({ adapter: undefined });
  }

  #key(): string {
    return `${this.#settings.mask} ${this.#settings.model}`;
  }

  #update(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }
}
