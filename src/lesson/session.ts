import type { GPTConfig, HeadOfLayer } from "../config.ts";
import type { NextTokenError } from "../errors.ts";
import { headsIn, missingHeads } from "./ablate.ts";
import type { Backend, LoadedModel } from "./backend.ts";
import { EventLog } from "./event-log.ts";
import { asNextTokenError, costsTheModel } from "./failure.ts";
import { lossNotice, takenAway } from "./loss-words.ts";
import { MatrixLoader } from "./matrix-loader.ts";
import { ModelLifetime } from "./model-lifetime.ts";
import { configOf } from "./models/model-config.ts";
import {
  appendedAt,
  following,
  isReached,
  LAST_STATION,
  needsResult,
  type Playhead,
  preceding,
} from "./playhead.ts";
import { questionOf } from "./predict/asked.ts";
import { type ComputedStep, HeldStep } from "./predict/held-step.ts";
import type { Question } from "./predict/question.ts";
import { type Companion, PreviewLoader } from "./preview/preview-loader.ts";
import { Prompts } from "./prompts/prompts.ts";
import type { RaggedPrompts } from "./prompts/ragged-prompts.ts";
import { checkLength, Run, runOptions } from "./run.ts";
import {
  clearedResult,
  type Emit,
  initialState,
  nothingGenerated,
  type SessionState,
  type Settings,
} from "./session-state.ts";
import { sleep } from "./sleep.ts";
import { allEnded, rowsAfter } from "./text-so-far.ts";

/** A change of one of these restarts the text. */
const CHANGES_THE_MODEL = ["model", "mask"] as const;

/**
 * What happens between the buttons and the model: builds the model when it is first needed, runs the loop, stops
 * between any two stations, and remembers every step, so that the playhead can go back and forth over them. One piece
 * of work at a time; a reset cancels it and discards its result.
 */
export class Session<M extends LoadedModel = LoadedModel> {
  readonly prompts: Prompts;
  /** The token that comes next, where it must not be shown yet. */
  readonly hold: HeldStep;
  settings: Settings;
  state: SessionState = initialState;

  readonly #backend: Backend<M>;
  readonly #emit: Emit;
  readonly #changed: () => void;
  readonly #lifetime: ModelLifetime<M>;
  readonly #log: EventLog;
  readonly #matrix: MatrixLoader<M>;
  readonly #preview: PreviewLoader<M>;
  #run: Run | undefined;
  /** How many tokens the text had been appended when the current run, which ends at `state.target`, began. */
  #runStart = 0;
  #cancel = new AbortController();
  #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();

  /**
   * @param changed called after every change of `state` or `prompts`
   * @param mayShow asked before each token is shown; where it says no, `hold` has the token
   */
  constructor(
    backend: Backend<M>,
    settings: Settings,
    emit: Emit,
    changed: () => void,
    mayShow: (question: Question) => boolean = () => true,
  ) {
    this.#backend = backend;
    this.settings = settings;
    this.#emit = emit;
    this.#changed = changed;
    this.#log = new EventLog(emit);
    this.hold = new HeldStep(mayShow);
    this.#matrix = new MatrixLoader(backend, {
      show: (matrix) => this.#update({ matrix }),
      fail: (cause) => this.#update({ notice: asNextTokenError(cause).message }),
    });
    this.#preview = new PreviewLoader(backend, (preview) => this.#update({ preview }));
    this.#lifetime = new ModelLifetime(backend, {
      building: () => this.state.activity !== "stopping" && this.#update({ activity: "building" }),
      progress: (progress) => {
        this.#update({ progress });
        emit("progress", progress);
      },
      ready: ({ adapter, insteadOfGpu }) => {
        this.#update({ computing: { adapter, insteadOfGpu }, progress: undefined });
        if (this.state.activity === "building") this.#update({ activity: "generating" });
        emit("ready", null);
      },
      gone: () => this.#update({ computing: undefined, processorSpeedup: undefined }),
      lost: () => this.#lose(),
    });
    this.prompts = new Prompts(
      () => backend.loadTokenizer(),
      () => {
        changed();
        this.#follow();
      },
    );
  }

  /** The model on the GPU, whatever its mask; undefined while none is loaded, or when another one was chosen. */
  get model(): M | undefined {
    return this.#lifetime.loadedFrom(this.settings.model);
  }

  /** The model's own, or before it is loaded what its name says. */
  get config(): M["config"] | GPTConfig {
    return this.model?.config ?? configOf(this.settings.model);
  }

  /** How many tokens a row is cropped to: the setting, or the model's context_length if that is less. */
  get contextSize(): number {
    return Math.min(this.settings.contextSize, this.config.context_length);
  }

  /** The heads that are away: of the setting those that the model has, once it is loaded. */
  get ablate(): readonly HeadOfLayer[] {
    const { ablate } = this.settings;
    return this.model ? headsIn(this.model.config, ablate) : ablate;
  }

  /** Changes settings. Those of the model restart the text; the others hold for what comes next. */
  configure(change: Partial<Settings>): void {
    const before = this.settings;
    this.settings = { ...before, ...change };
    const keys = Object.keys(change) as (keyof Settings)[];
    const changed = keys.filter((key) => !isSame(change[key], before[key]));
    if (CHANGES_THE_MODEL.some((key) => changed.includes(key))) this.#restart();
    else if (changed.includes("device"))
      this.dispose(); // the text stays: another device computes what comes next
    else if (changed.length > 0) {
      this.#drop();
      this.#endRun();
      if (changed.includes("maxNewTokens") && this.state.activity === "idle") this.#endRunHere();
      this.#follow();
    }
  }

  setPrompts(texts: readonly string[], raggedPrompts: RaggedPrompts): void {
    if (this.prompts.set(texts, raggedPrompts)) this.#restart();
  }

  /**
   * Finishes the run that was paused, or appends the next `maxNewTokens`. Settles when the work is over.
   * @param pace milliseconds at each station; 0 goes from token to token as fast as they come
   */
  play(pace = 0): Promise<void> {
    return this.#start(async (signal, stop) => {
      this.#update({ pace });
      await this.#begin(signal);
      if (pace === 0) while (!stop.aborted && (await this.#toNextToken(signal)));
      else
        while (!stop.aborted && (await this.#toNextStation(signal))) {
          await sleep(pace, signal, stop);
        }
    });
  }

  /** Builds the model that was chosen, and asks it nothing. */
  load(): Promise<void> {
    return this.#start(async (signal) => void (await this.#build(signal)));
  }

  /** Moves on until one more token is appended. */
  token(): Promise<void> {
    return this.#start(async (signal) => {
      await this.#begin(signal);
      const before = appendedAt(this.state.at);
      while (appendedAt(this.state.at) === before && (await this.#toNextToken(signal)));
    });
  }

  /** Moves on to a station that may not have been reached yet, computing the steps before it. */
  goTo(to: Playhead): Promise<void> {
    return this.#start(async (signal, stop) => {
      this.#update({ pace: 0 });
      await this.#begin(signal);
      this.#update({ target: Math.max(this.state.target, to.step + 1) });
      while (!stop.aborted && appendedAt(this.state.at) < to.step && (await this.#toNextToken(signal)));
      while (!stop.aborted && !isReached(to, this.state.at) && (await this.#toNextStation(signal)));
    });
  }

  /** Moves on to the next station. */
  walk(): Promise<void> {
    return this.#start(async (signal) => {
      await this.#begin(signal);
      await this.#toNextStation(signal);
    });
  }

  /**
   * Runs `work` with the model, which is built if there is none, when nothing else is under way. Failures are state.
   * @param work returns the sentence that says what was found
   */
  inspect(work: (model: M, signal: AbortSignal) => Promise<string>): Promise<void> {
    return this.#start(async (signal) => {
      const model = await this.#build(signal);
      signal.throwIfAborted();
      this.#update({ activity: "inspecting" });
      const found = await work(model, signal);
      signal.throwIfAborted();
      this.#update({ inspectionSummary: found });
    });
  }

  /** Whether the matrix of logits is looked at: it is then computed for each iteration that one comes to, but for those of a fast run. */
  look(looks: boolean): void {
    this.#matrix.look(looks);
  }

  /** Has `companion` find out something about each text whose preview is shown; undefined: no longer. Its failures are its own. */
  accompanyPreview(companion: Companion<M> | undefined): void {
    this.#preview.accompany(companion);
  }

  /** Shows a failure that came before any work could begin. */
  fail(cause: unknown): void {
    if (this.state.activity === "idle") this.#fail(asNextTokenError(cause));
  }

  /** Moves back by one station. */
  back(): void {
    const { at, activity } = this.state;
    if (!at || activity !== "idle") return;
    this.#update({ ...clearedResult, at: preceding(at) });
  }

  /** Moves to a station that was reached before. */
  show(at: Playhead): void {
    if (this.state.activity !== "idle" || at.step >= this.state.steps.length) return;
    this.#update(clearedResult);
    this.#moveTo(at);
  }

  /** Whether what comes next is to be guessed, so that nothing tells it before its time. */
  ask(asks: boolean): void {
    if (asks !== this.state.asks) this.#update({ asks });
  }

  /** Stops between two stations; cancels the build of a model, or an inspection. */
  pause(): void {
    const { activity } = this.state;
    if (activity === "generating") {
      this.#stop.abort();
      this.#update({ activity: "stopping" });
    } else if (activity !== "idle" && activity !== "stopping") this.#abandon();
  }

  /** Takes the appended tokens away. The model stays loaded. */
  reset(): void {
    this.#restart();
    this.#update({ notice: "Back at the prompt." });
  }

  /** Gives the model's memory back. The session can be used again; it then builds anew. */
  dispose(): void {
    this.#abandon();
    this.#work = this.#work.then(() => this.#lifetime.forget());
  }

  #restart(): void {
    this.#abandon();
    this.#log.clear();
    this.#runStart = 0;
    this.#update(nothingGenerated);
  }

  #start(work: (signal: AbortSignal, stop: AbortSignal) => Promise<void>): Promise<void> {
    if (this.state.activity !== "idle") return this.#work;
    const { signal } = this.#cancel;
    this.#stop = new AbortController();
    const stop = this.#stop.signal;
    this.#update({
      ...clearedResult,
      activity: "generating",
      pace: undefined,
      failure: undefined,
      notice: undefined,
    });
    this.#work = this.#work.then(async () => {
      try {
        signal.throwIfAborted();
        await work(signal, stop);
      } catch (cause) {
        if (!signal.aborted) this.#fail(asNextTokenError(cause));
      }
      if (signal.aborted) return;
      this.#update({ activity: "idle", progress: undefined, reading: undefined });
      void this.#measureProcessor();
    });
    return this.#work;
  }

  /** Ends the run at the steps recorded so far, so that the next run has the new length. An iteration that has only begun belongs to the next run. */
  #endRunHere(): void {
    const { at, steps } = this.state;
    const hasBegun = at?.step === steps.length;
    this.#runStart = steps.length;
    this.#update({ target: steps.length + (hasBegun ? this.settings.maxNewTokens : 0) });
  }

  /** Fixes what the loop starts from, and sets how far it goes. */
  async #begin(signal: AbortSignal): Promise<void> {
    checkLength(this.settings.maxNewTokens);
    if (!this.state.start) {
      const { idx, tokenizer } = await this.prompts.now();
      signal.throwIfAborted();
      this.#log.begin(idx, tokenizer);
      this.#update({ start: idx });
    }
    const { at, target, steps } = this.state;
    const isOver = at ? at.step + 1 >= target && at.station === LAST_STATION : target === 0;
    if (isOver || target < steps.length) {
      this.#endRun();
      this.#runStart = Math.max(steps.length, at ? at.step + 1 : 0);
      this.#update({ target: this.#runStart + this.settings.maxNewTokens });
    }
  }

  /** @returns whether the run goes on from there */
  #toNextStation(signal: AbortSignal): Promise<boolean> {
    return this.#go(following(this.state.at), signal);
  }

  /** To the end of this step, or of the next one. @returns whether the run goes on from there */
  #toNextToken(signal: AbortSignal): Promise<boolean> {
    return this.#go({ step: following(this.state.at).step, station: LAST_STATION }, signal);
  }

  async #go(to: Playhead, signal: AbortSignal): Promise<boolean> {
    if (to.step >= this.state.target) return false; // nothing was to be appended
    if (needsResult(to) && to.step === this.state.steps.length && !(await this.#record(signal))) return false;
    this.#moveTo(to);
    return to.step + 1 < this.state.target || to.station < LAST_STATION;
  }

  /** Records one more step. @returns false where it is held: the page then stands before it */
  async #record(signal: AbortSignal): Promise<boolean> {
    const next = this.hold.computed ?? (await this.#compute(signal));
    const { start, steps } = this.state;
    const question = questionOf(start!, steps, next.step, this.prompts.tokenizer!);
    const passes = this.hold.passes(next, question);
    signal.throwIfAborted(); // who was asked may have begun another text
    if (!passes) {
      this.#update({ question, asks: true });
      this.#moveTo({ step: steps.length, station: 1 });
      return false;
    }
    this.#update({
      steps: [...steps, next.step],
      notice: next.note ?? this.state.notice,
      question: undefined,
    });
    // Of earlier runs nothing counts: they may have gone on after it.
    if (
      this.settings.stopAtEndOfText &&
      allEnded(this.state.steps.slice(this.#runStart), this.prompts.tokenizer!)
    ) {
      this.#update({ target: this.state.steps.length, notice: "Stopped at <|endoftext|>." });
    }
    return true;
  }

  /** Computes one more step. If the GPU is lost meanwhile, the model is built again and the text goes on where it was. */
  async #compute(signal: AbortSignal): Promise<ComputedStep> {
    for (;;) {
      try {
        const run = await this.#openRun(signal);
        const next = await run.next();
        signal.throwIfAborted();
        this.#lifetime.worked();
        if (this.state.reading !== undefined) this.#update({ reading: undefined });
        if (!next) {
          this.#endRun(); // it was left for other settings before it gave a step: begin the next one
          continue;
        }
        return next;
      } catch (cause) {
        signal.throwIfAborted();
        const wait = this.#lifetime.waitAfter(asNextTokenError(cause));
        const taken = takenAway(this.state.computing);
        this.#endRun();
        this.#lifetime.forget();
        if (this.state.activity === "stopping") this.#abandon();
        signal.throwIfAborted();
        this.#update({ activity: "recovering", notice: lossNotice(taken, wait) });
        await sleep(wait, signal);
        signal.throwIfAborted();
      }
    }
  }

  /** The loop over the text as it is now, with a model that is built if there is none. */
  async #openRun(signal: AbortSignal): Promise<Run> {
    const model = await this.#build(signal);
    signal.throwIfAborted();
    if (this.#run) return this.#run;
    const { start, steps, target } = this.state;
    const idx = rowsAfter(start!, steps);
    const maxNewTokens = target - steps.length;
    const onReading = (share: number) => signal.aborted || this.#update({ reading: share });
    const options = { ...runOptions(this.settings, model.config), maxNewTokens, onReading, signal };
    const note = missingHeads(model.config, this.settings.ablate);
    this.#run = new Run(this.#backend.generate(model, idx, options), options, note);
    return this.#run;
  }

  #build(signal: AbortSignal): Promise<M> {
    return this.#lifetime.build(this.settings, signal);
  }

  /** Where a software adapter computes: finds out, once and while nothing else is done, what the processor itself would make of it. */
  async #measureProcessor(): Promise<void> {
    const { model } = this;
    if (!model?.adapter.isSoftware || this.state.processorSpeedup !== undefined) return;
    await this.#preview.rest; // what somebody waits for comes first
    if (this.model !== model) return;
    const processorSpeedup = await model.processorSpeedup().catch(() => undefined); // then nothing is offered
    if (this.model === model) this.#update({ processorSpeedup });
  }

  #moveTo(at: Playhead): void {
    this.#update({ at });
    const { start, steps, target } = this.state;
    this.#log.tokens(start!, steps, appendedAt(at));
    const isEnd = at.station === LAST_STATION && at.step + 1 === target;
    if (isEnd) this.#finish();
  }

  #finish(): void {
    const { start, steps } = this.state;
    const { tokenizer } = this.prompts;
    const rows = rowsAfter(start!, steps);
    const texts = rows.map((ids) => tokenizer!.decode(ids));
    this.#endRun();
    this.#update({ texts });
    this.#log.done(rows, texts, steps.length);
  }

  /** Handles the loss of the device between two steps. A step under way fails by itself and is tried again. */
  #lose(): void {
    if (this.state.activity !== "idle") return;
    const taken = takenAway(this.state.computing);
    this.#endRun();
    this.#lifetime.forget();
    this.#update({
      notice: `${taken} The text is kept; the model is built again when you go on.`,
    });
  }

  #fail(failure: NextTokenError): void {
    this.#endRun();
    if (costsTheModel(failure)) this.#lifetime.forget();
    this.#update({ failure, notice: undefined });
    this.#emit("error", { code: failure.code, message: failure.message });
  }

  /** Cancels the work under way. Work asked for from now on waits until the cancelled work has ended. */
  #abandon(): void {
    this.#drop();
    this.#cancel.abort();
    this.#cancel = new AbortController();
    this.#endRun();
    this.#update({ activity: "idle", progress: undefined, reading: undefined, notice: undefined });
  }

  #drop(): void {
    this.hold.drop();
    if (this.state.question) this.#update({ question: undefined });
  }

  #endRun(): void {
    this.#run?.leave();
    this.#run = undefined;
  }

  #update(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
    this.#follow();
  }

  /** What is computed beside the runs follows what the page shows. */
  #follow(): void {
    this.#matrix.follow(this.state, this.model);
    this.#preview.follow(this.state, this.prompts, this.settings, this.#lifetime.loadedAs(this.settings));
  }
}

const isSame = (a: unknown, b: unknown) => Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b);
