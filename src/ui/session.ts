import { GPT_CONFIG_124M, type Mask } from "../model/config.ts";
import { NextTokenError } from "../next-token-error.ts";
import { StreamingDecoder } from "../tokenizer/streaming-decoder.ts";
import type { Backend, LoadedModel } from "./backend.ts";
import { asNextTokenError, costsTheModel } from "./failure.ts";
import type { Unequal } from "./fit-rows.ts";
import {
  appendedAt,
  following,
  isReached,
  LAST_STATION,
  needsResult,
  type Playhead,
  preceding,
} from "./playhead.ts";
import { Prompts } from "./prompts.ts";
import { Recovery } from "./recovery.ts";
import { rest } from "./rest.ts";
import { Run } from "./run.ts";
import {
  atRest,
  type Emit,
  nothingGenerated,
  nothingTold,
  type SessionState,
  type Settings,
} from "./session-state.ts";

/** Candidates kept of every step. */
const TOP_K = 10;

/** What a change of these makes of the text: another one, which begins anew. */
const CHANGES_THE_MODEL = ["model", "mask"] as const;

/**
 * What happens between the buttons and the model: builds the model when it is first needed, runs the loop, stops
 * between any two stations, and remembers every step, so that the playhead can go back and forth over them. One piece
 * of work at a time; a reset makes whatever is under way count for nothing.
 */
export class Session<M extends LoadedModel = LoadedModel> {
  readonly prompts: Prompts;
  state: SessionState = atRest;

  readonly #backend: Backend<M>;
  readonly #emit: Emit;
  readonly #changed: () => void;
  readonly #recovery = new Recovery();
  #settings: Settings;
  #model: { loaded: M; source: string; mask: Mask } | undefined;
  #run: Run | undefined;
  /** How many tokens there were when the run began that `state.target` ends. */
  #runStart = 0;
  /** For each row; and how many of its tokens were told of. */
  #decoders: StreamingDecoder[] = [];
  #told = 0;
  /** How many tokens there were when the end of a run was last told of. */
  #finished = 0;
  #wanted = new AbortController();
  #stop = new AbortController();
  #work: Promise<void> = Promise.resolve();

  /** @param changed called after every change of `state` or `prompts` */
  constructor(backend: Backend<M>, settings: Settings, emit: Emit, changed: () => void) {
    this.#backend = backend;
    this.#settings = settings;
    this.#emit = emit;
    this.#changed = changed;
    this.prompts = new Prompts(() => backend.loadTokenizer(), changed);
  }

  /** The model on the GPU, for what is told of it; undefined when another one was chosen. The mask changes nothing of that. */
  get model(): M | undefined {
    return this.#model?.source === this.#settings.model ? this.#model.loaded : undefined;
  }

  /** What a row is cropped to: what was asked for, or all that the model can read; of a checkpoint known once it is loaded. */
  get contextSize(): number {
    const { context_length } = this.model?.config ?? GPT_CONFIG_124M;
    return Math.min(this.#settings.contextSize, context_length);
  }

  /** Takes new settings. Those of the model begin the text anew; the others hold for what comes next. */
  configure(settings: Settings): void {
    const before = this.#settings;
    this.#settings = settings;
    const keys = Object.keys(settings) as (keyof Settings)[];
    const changed = keys.filter((key) => !isSame(settings[key], before[key]));
    if (CHANGES_THE_MODEL.some((key) => changed.includes(key))) this.#beginAnew();
    else if (changed.length > 0) {
      this.#leaveRun();
      if (changed.includes("maxNewTokens") && this.state.activity === "idle") this.#endRunHere();
    }
  }

  setPrompts(texts: readonly string[], unequal: Unequal): void {
    if (this.prompts.set(texts, unequal)) this.#beginAnew();
  }

  /**
   * Finishes the run that was left, or appends the next `maxNewTokens`. Settles when the work is over.
   * @param pace milliseconds at each station; 0 goes from token to token as fast as they come
   */
  play(pace = 0): Promise<void> {
    return this.#start(async (signal, stop) => {
      await this.#begin(signal);
      if (pace === 0) while (!stop.aborted && (await this.#toNextToken(signal)));
      else while (!stop.aborted && (await this.#toNextStation(signal))) await rest(pace, signal, stop);
    });
  }

  /** On to where one more token is appended. */
  token(): Promise<void> {
    return this.#start(async (signal) => {
      await this.#begin(signal);
      const before = appendedAt(this.state.at);
      while (appendedAt(this.state.at) === before && (await this.#toNextToken(signal)));
    });
  }

  /** On to a station that may not have been reached yet, as far as it takes. */
  goTo(to: Playhead): Promise<void> {
    return this.#start(async (signal, stop) => {
      await this.#begin(signal);
      this.#update({ target: Math.max(this.state.target, to.step + 1) });
      while (!stop.aborted && appendedAt(this.state.at) < to.step && (await this.#toNextToken(signal)));
      while (!stop.aborted && !isReached(to, this.state.at) && (await this.#toNextStation(signal)));
    });
  }

  /** On to the next station. */
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
  look(work: (model: M, signal: AbortSignal) => Promise<string>): Promise<void> {
    return this.#start(async (signal) => {
      const model = await this.#build(signal);
      signal.throwIfAborted();
      this.#update({ activity: "looking" });
      const found = await work(model, signal);
      signal.throwIfAborted();
      this.#update({ found });
    });
  }

  /** Takes what kept the page from asking for work as if the work had failed of it. */
  fail(cause: unknown): void {
    if (this.state.activity === "idle") this.#fail(asNextTokenError(cause));
  }

  /** Back by one station, over what was recorded. */
  back(): void {
    const { at, activity } = this.state;
    if (at && activity === "idle") this.#update({ ...nothingTold, at: preceding(at) });
  }

  /** To a station that was reached before. */
  show(at: Playhead): void {
    if (this.state.activity !== "idle" || at.step >= this.state.steps.length) return;
    this.#update(nothingTold);
    this.#moveTo(at);
  }

  /** Stops between two stations; gives up a model that is being built, or a look into it. */
  pause(): void {
    const { activity } = this.state;
    if (activity === "generating") {
      this.#stop.abort();
      this.#update({ activity: "stopping" });
    } else if (activity !== "idle" && activity !== "stopping") this.#abandon();
  }

  /** Back to the prompt. The model stays. */
  reset(): void {
    this.#beginAnew();
    this.#update({ notice: "Back at the prompt." });
  }

  /** Gives the model's memory back. The session can be used again; it then builds anew. */
  dispose(): void {
    this.#abandon();
    this.#work = this.#work.then(() => this.#forgetModel());
  }

  #beginAnew(): void {
    this.#abandon();
    this.#decoders = [];
    this.#told = 0;
    this.#finished = 0;
    this.#runStart = 0;
    this.#update(nothingGenerated);
  }

  #start(work: (signal: AbortSignal, stop: AbortSignal) => Promise<void>): Promise<void> {
    if (this.state.activity !== "idle") return this.#work;
    const { signal } = this.#wanted;
    this.#stop = new AbortController();
    const stop = this.#stop.signal;
    this.#update({ ...nothingTold, activity: "generating", failure: undefined, notice: undefined });
    this.#work = this.#work.then(async () => {
      try {
        signal.throwIfAborted();
        await work(signal, stop);
      } catch (cause) {
        if (!signal.aborted) this.#fail(asNextTokenError(cause));
      }
      if (!signal.aborted) this.#update({ activity: "idle", progress: undefined });
    });
    return this.#work;
  }

  /** What is recorded ends the run, so that the next one has another length; a turn that has only begun counts to that one. */
  #endRunHere(): void {
    const { at, steps } = this.state;
    const hasBegun = at?.step === steps.length;
    this.#runStart = steps.length;
    this.#update({ target: steps.length + (hasBegun ? this.#settings.maxNewTokens : 0) });
  }

  /** Fixes what the loop starts from, and sets how far it goes. */
  async #begin(signal: AbortSignal): Promise<void> {
    const { maxNewTokens } = this.#settings;
    if (!Number.isSafeInteger(maxNewTokens) || maxNewTokens < 0) {
      throw new NextTokenError(
        "bad-max-new-tokens",
        `max-new-tokens is ${maxNewTokens}; it must be a whole number, zero or more.`,
      );
    }
    if (!this.state.start) {
      const { idx, tokenizer } = await this.prompts.now();
      signal.throwIfAborted();
      this.#decoders = idx.map(() => new StreamingDecoder(tokenizer));
      this.#update({ start: idx });
    }
    const { at, target, steps } = this.state;
    const isOver = at ? at.step + 1 >= target && at.station === LAST_STATION : target === 0;
    if (isOver || target < steps.length) {
      this.#leaveRun();
      this.#runStart = Math.max(steps.length, at ? at.step + 1 : 0);
      this.#update({ target: this.#runStart + this.#settings.maxNewTokens });
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
    if (needsResult(to) && to.step === this.state.steps.length) await this.#compute(signal);
    this.#moveTo(to);
    return to.step + 1 < this.state.target || to.station < LAST_STATION;
  }

  /** Records one more step; a GPU that is lost meanwhile is asked for again, and the text goes on where it was. */
  async #compute(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        const run = await this.#openRun(signal);
        const next = await run.next();
        signal.throwIfAborted();
        this.#recovery.worked();
        if (!next) {
          this.#leaveRun(); // it was left for other settings before it gave a step: begin the next one
          continue;
        }
        this.#update({ steps: [...this.state.steps, next.step], notice: next.note ?? this.state.notice });
        if (this.#settings.stopAtEndOfText && this.#allEnded()) {
          this.#update({ target: this.state.steps.length, notice: "Stopped at <|endoftext|>." });
        }
        return;
      } catch (cause) {
        signal.throwIfAborted();
        const wait = this.#recovery.waitAfter(asNextTokenError(cause));
        this.#leaveRun();
        this.#forgetModel();
        if (this.state.activity === "stopping") this.#abandon();
        signal.throwIfAborted();
        this.#update({ activity: "recovering", notice: lossNotice(wait) });
        await rest(wait, signal);
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
    const { contextSize, kvCache, sampling } = this.#settings;
    const idx = start!.map((row, r) => [...row, ...steps.map(({ ids }) => ids[r]!)]);
    const maxNewTokens = target - steps.length;
    const options = { maxNewTokens, contextSize, kvCache, sampling, topK: TOP_K, logits: true, signal };
    this.#run = new Run(this.#backend.generate(model, idx, options), sampling);
    return this.#run;
  }

  async #build(signal: AbortSignal): Promise<M> {
    const { model: source, mask } = this.#settings;
    const before = this.#model;
    if (before?.source === source && before.mask === mask) return before.loaded;
    if (this.state.activity !== "stopping") this.#update({ activity: "building" });
    const sharesWeights = before?.source === source; // two masks of one model
    if (!sharesWeights) this.#forgetModel(); // both may be more than the GPU holds
    const loaded = await this.#backend.build(source, mask, {
      signal,
      onProgress: (progress) => {
        if (signal.aborted) return;
        this.#update({ progress });
        this.#emit("progress", progress);
      },
    });
    this.#model = { loaded, source, mask };
    if (sharesWeights) before.loaded.destroy();
    loaded.lost.then(() => this.#lose(loaded));
    if (signal.aborted) return loaded;
    this.#update({ adapter: loaded.adapter, progress: undefined });
    if (this.state.activity === "building") this.#update({ activity: "generating" });
    this.#emit("ready", null);
    return loaded;
  }

  #moveTo(at: Playhead): void {
    this.#update({ at });
    while (this.#told < appendedAt(at)) this.#tellOfToken(this.#told++);
    const isEnd = at.station === LAST_STATION && at.step + 1 === this.state.target;
    if (isEnd) this.#finish();
  }

  #tellOfToken(index: number): void {
    const { start, steps } = this.state;
    for (const [row, { id, probability }] of steps[index]!.chosen.entries()) {
      const text = this.#decoders[row]!.push(id);
      this.#emit("token", { id, text, row, position: start![row]!.length + index, probability });
    }
  }

  #finish(): void {
    const { start, steps } = this.state;
    const { tokenizer } = this.prompts;
    const rows = start!.map((row, r) => [...row, ...steps.map(({ ids }) => ids[r]!)]);
    const texts = rows.map((ids) => tokenizer!.decode(ids));
    this.#leaveRun();
    this.#update({ texts });
    if (this.#finished === steps.length) return; // walked here again
    this.#finished = steps.length;
    for (const [row, ids] of rows.entries()) this.#emit("done", { ids, text: texts[row]! });
  }

  /** Whether every row has said <|endoftext|> in this run: those before it may have gone on after theirs. */
  #allEnded(): boolean {
    const { endOfText } = this.prompts.tokenizer!;
    const { start, steps } = this.state;
    const ofThisRun = steps.slice(this.#runStart);
    return start!.every((_, row) => ofThisRun.some(({ ids }) => ids[row] === endOfText));
  }

  /** The device is gone. A step under way fails by itself and is tried again; between two steps there is nothing to do yet. */
  #lose(model: M): void {
    if (this.#model?.loaded !== model) return;
    if (this.state.activity !== "idle") return;
    this.#leaveRun();
    this.#forgetModel();
    this.#update({
      notice: "The browser took the GPU away. The text is kept; the model is built again when you go on.",
    });
  }

  #fail(failure: NextTokenError): void {
    this.#leaveRun();
    if (costsTheModel(failure)) this.#forgetModel();
    this.#update({ failure, notice: undefined });
    this.#emit("error", { code: failure.code, message: failure.message });
  }

  /** Whatever is under way no longer counts; work asked for from now on waits until it has come to rest. */
  #abandon(): void {
    this.#wanted.abort();
    this.#wanted = new AbortController();
    this.#leaveRun();
    this.#update({ activity: "idle", progress: undefined, notice: undefined });
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

  #update(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }
}

const isSame = (a: unknown, b: unknown) => Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b);

const lossNotice = (wait: number) =>
  wait === 0
    ? "The browser took the GPU away. The model is built again, and the text goes on."
    : `The GPU does not come back yet. Trying again in ${wait / 1000} s.`;
