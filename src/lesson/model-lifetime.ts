import type { Progress } from "../config.ts";
import type { NextTokenError } from "../errors.ts";
import type { Backend, LoadedModel } from "./backend.ts";
import { Recovery } from "./recovery.ts";
import type { Settings } from "./session-state.ts";

/** What happens to a model while a lesson runs. */
export interface ModelEvents<M> {
  /** A build begins. */
  building(): void;
  progress(progress: Progress): void;
  ready(model: M): void;
  /** The model was given up, or its device is gone. */
  gone(): void;
  /** The device was lost while nothing waited for it. */
  lost(): void;
}

/** What says which model it is. */
type Wanted = Pick<Settings, "model" | "mask" | "device">;

/** The one model of a lesson: built when it is first needed, given up when another is chosen, built anew after a loss. */
export class ModelLifetime<M extends LoadedModel> {
  readonly #backend: Backend<M>;
  readonly #events: ModelEvents<M>;
  readonly #recovery = new Recovery();
  #model: ({ loaded: M } & Wanted) | undefined;

  constructor(backend: Backend<M>, events: ModelEvents<M>) {
    this.#backend = backend;
    this.#events = events;
  }

  /** The loaded model if `source` names it, whatever its mask; undefined otherwise. */
  loadedFrom(source: string): M | undefined {
    return this.#model?.model === source ? this.#model.loaded : undefined;
  }

  /** The loaded model if it is as `wanted`, so that nothing would have to be built. */
  loadedAs({ model, mask, device }: Wanted): M | undefined {
    const isWanted = this.#model?.mask === mask && this.#model.device === device;
    return isWanted ? this.loadedFrom(model) : undefined;
  }

  /**
   * Returns the loaded model, or builds one.
   * @throws NextTokenError as the backend does. A build that `signal` aborts reports neither a failure nor progress.
   */
  async build({ model, mask, device }: Wanted, signal: AbortSignal): Promise<M> {
    const before = this.#model;
    const sharesWeights = before?.model === model && before.device === device; // two masks of one model
    if (sharesWeights && before.mask === mask) return before.loaded;
    this.#events.building();
    if (!sharesWeights) this.forget(); // both may be more than the GPU holds
    const onProgress = (progress: Progress) => {
      if (!signal.aborted) this.#events.progress(progress);
    };
    const loaded = await this.#backend.build(model, { mask, device, signal, onProgress });
    this.#model = { loaded, model, mask, device };
    if (sharesWeights) before.loaded.destroy();
    loaded.lost.then(() => this.#model?.loaded === loaded && this.#events.lost());
    if (!signal.aborted) this.#events.ready(loaded);
    return loaded;
  }

  /** The model computed something: the losses before it no longer count. */
  worked(): void {
    this.#recovery.worked();
  }

  /** Milliseconds to wait before the model is built anew after `failure`. Throws `failure` where waiting cannot help. */
  waitAfter(failure: NextTokenError): number {
    return this.#recovery.waitAfter(failure);
  }

  /** Gives the model's memory back. */
  forget(): void {
    const model = this.#model;
    this.#model = undefined;
    model?.loaded.destroy();
    this.#events.gone();
  }
}
