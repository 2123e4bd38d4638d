import type { Backend, LoadedModel } from "../backend.ts";
import type { Prompts } from "../prompts/prompts.ts";
import { Run, runOptions } from "../run.ts";
import type { Preview, RecordedStep, SessionState, Settings } from "../session-state.ts";
import { sleep } from "../sleep.ts";
import { FastEnough } from "./fast-enough.ts";

/** Finds out something else about a text whose preview is shown. */
export type Companion<M> = (model: M, idx: number[][], signal: AbortSignal) => Promise<void>;

/** How long nothing must be typed before a preview is settled, in milliseconds. */
const SETTLES_AFTER = 1000;

/** How long the preview of an earlier text is left, so that nothing flickers while the next one is computed. */
const STAYS = 500;

/** A text that is previewed. */
interface Asked<M> {
  readonly model: M;
  readonly idx: number[][];
  readonly settings: Settings;
  /** Two texts have the same preview if all of these are the same. */
  readonly key: readonly unknown[];
  readonly cancel: AbortController;
  hasBegun: boolean;
  /** What else was found out about it. */
  companion: Companion<M> | undefined;
}

/**
 * Asks a model that answers fast enough, while one types, what it would append, so that nobody has to press Play: one
 * forward pass over the prompts as they are, as long as nothing is appended. It neither disturbs nor waits for what else
 * is under way. One pass at a time, and then that of the newest text; what comes for a text that was typed over is not
 * shown. Nothing is built or fetched for it, and where it fails there is no preview.
 */
export class PreviewLoader<M extends LoadedModel> {
  readonly #backend: Backend<M>;
  readonly #show: (preview: Preview | undefined) => void;
  #companion: Companion<M> | undefined;
  #judged: { model: M; speed: FastEnough } | undefined;
  /** The last step of a run whose time was noted. */
  #timed: RecordedStep | undefined;
  #asked: Asked<M> | undefined;
  #working: Promise<void> | undefined;
  #shown: { preview: Preview; key: Asked<M>["key"] } | undefined;
  #clearing: ReturnType<typeof setTimeout> | undefined;

  constructor(backend: Backend<M>, show: (preview: Preview | undefined) => void) {
    this.#backend = backend;
    this.#show = show;
  }

  /** Has something else found out about each text whose preview is shown, the present one included; undefined: no longer. */
  accompany(companion: Companion<M> | undefined): void {
    this.#companion = companion;
    void this.#work();
  }

  /** Takes what the page shows now. @param model undefined where none is loaded that is as the settings say */
  follow(state: SessionState, prompts: Prompts, settings: Settings, model: M | undefined): void {
    this.#judge(state, model);
    const { idx } = prompts;
    if (state.at || state.asks || !model || !idx) {
      this.#cancel();
      this.#clear();
      return;
    }
    const key = [
      model,
      JSON.stringify(runOptions(settings, model.config)),
      prompts.raggedPrompts,
      ...prompts.ids,
    ];
    if (!isSame(key, this.#shown?.key)) this.#clearSoon();
    if (state.activity !== "idle" || !prompts.areSplit || !isSame(key, this.#asked?.key)) this.#cancel();
    if (state.activity === "idle" && prompts.areSplit && !this.#asked)
      this.#ask({ model, idx, settings, key });
  }

  /** Notes how long the model's passes take; those of a run tell, too. */
  #judge({ steps }: SessionState, model: M | undefined): void {
    if (model !== this.#judged?.model) this.#judged = model && { model, speed: new FastEnough(model.config) };
    const step = steps.at(-1);
    if (step === this.#timed) return;
    this.#timed = step;
    if (step) this.#judged?.speed.took([step.ids.length, step.computed], step.milliseconds);
  }

  #ask(text: Pick<Asked<M>, "model" | "idx" | "settings" | "key">): void {
    const { idx, settings } = text;
    const num_tokens = Math.min(idx[0]!.length, settings.contextSize);
    const isAllowed = this.#judged!.speed.allows([idx.length, num_tokens]);
    this.#asked = { ...text, cancel: new AbortController(), hasBegun: !isAllowed, companion: undefined };
    if (isAllowed) void this.#work();
    else this.#clear();
  }

  /** Resolves when nothing is asked any more. */
  get rest(): Promise<void> {
    return this.#working ?? Promise.resolve();
  }

  /** Works on the newest text until nothing is left to find out about it. */
  #work(): Promise<void> {
    this.#working ??= this.#workOn().finally(() => {
      this.#working = undefined;
    });
    return this.#working;
  }

  async #workOn(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) await next;
  }

  #next(): Promise<void> | undefined {
    const asked = this.#asked;
    if (!asked) return undefined;
    if (!asked.hasBegun) {
      asked.hasBegun = true;
      return this.#predict(asked);
    }
    const companion = this.#companion;
    if (!companion || companion === asked.companion || this.#shown?.key !== asked.key) return undefined;
    asked.companion = companion;
    return companion(asked.model, asked.idx, asked.cancel.signal).catch(() => {}); // then it is not known
  }

  async #predict({ model, idx, settings, key, cancel: { signal } }: Asked<M>): Promise<void> {
    const options = { ...runOptions(settings, model.config), maxNewTokens: 1 };
    const run = new Run(this.#backend.generate(model, idx, options), options);
    try {
      const { step } = (await run.next())!;
      if (this.#judged?.model === model)
        this.#judged.speed.took([idx.length, step.computed], step.milliseconds);
      if (!signal.aborted) this.#display({ idx, step, isSettled: false }, key, signal);
      await run.next(); // it ends, and gives its memory back
    } catch {
      if (!signal.aborted) this.#clear();
    }
  }

  #display(preview: Preview, key: Asked<M>["key"], signal: AbortSignal): void {
    clearTimeout(this.#clearing);
    this.#clearing = undefined;
    this.#shown = { preview, key };
    this.#show(preview);
    const settle = () => signal.aborted || this.#display({ ...preview, isSettled: true }, key, signal);
    if (!preview.isSettled) void sleep(SETTLES_AFTER, signal).then(settle);
  }

  #cancel(): void {
    this.#asked?.cancel.abort();
    this.#asked = undefined;
  }

  #clear(): void {
    clearTimeout(this.#clearing);
    this.#clearing = undefined;
    if (!this.#shown) return;
    this.#shown = undefined;
    this.#show(undefined);
  }

  #clearSoon(): void {
    if (this.#shown) this.#clearing ??= setTimeout(() => this.#clear(), STAYS);
  }
}

const isSame = (a: readonly unknown[], b: readonly unknown[] | undefined) =>
  a.length === b?.length && a.every((value, i) => value === b[i]);
