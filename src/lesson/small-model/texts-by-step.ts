import type { DeviceChoice, Mask } from "../../config.ts";
import type { GenerateOptions } from "../../index.ts";
import type { Backend, LoadedModel } from "../backend.ts";
import { atStep } from "../models/model-source.ts";
import { snapshotSteps } from "./snapshots.ts";

/** What the texts of all steps have in common: all that is asked of the model, but for how long it was trained. */
export interface Asked extends Pick<GenerateOptions, "maxNewTokens" | "contextSize" | "sampling" | "ablate"> {
  /** [B, T] */
  readonly idx: number[][];
  readonly mask: Mask;
  /** As the `model` attribute has it, with any number of steps: its precision counts. */
  readonly model: string;
  readonly device: DeviceChoice;
}

/**
 * What the small model appends to one prompt after different numbers of steps, as far as that was computed. Another prompt,
 * or another way to ask, begins anew.
 */
export class TextsByStep<M extends LoadedModel = LoadedModel> {
  /** The ids appended to each row, [B, N], by the steps of training; replaced at every change. */
  ids: ReadonlyMap<number, number[][]> = new Map();
  /** How often `ids` or `computing` have changed, so that who shows them can tell. */
  revision = 0;
  /** The steps whose text is being computed; undefined while none is. */
  computing: number | undefined;
  readonly #backend: Pick<Backend<M>, "build" | "generate">;
  readonly #changed: () => void;
  #asked = "";
  #cancel = new AbortController();

  /** @param changed called after every change of `ids` or `computing` */
  constructor(backend: Pick<Backend<M>, "build" | "generate">, changed: () => void) {
    this.#backend = backend;
    this.#changed = () => {
      this.revision++;
      changed();
    };
  }

  /** What is asked now; where it is something else than before, its texts are forgotten. */
  ask(asked: Asked): void {
    // Who computes does not change what comes out.
    const key = JSON.stringify({ ...asked, device: undefined, model: atStep(asked.model, 0) });
    if (key === this.#asked) return;
    this.#asked = key;
    this.#cancel.abort();
    this.computing = undefined;
    this.ids = new Map();
    this.revision++; // it is asked before anything is drawn
  }

  /** Keeps what was appended after so many steps of training. */
  keep(step: number, appended: number[][]): void {
    if (this.ids.has(step)) return;
    this.ids = new Map(this.ids).set(step, appended);
    this.#changed();
  }

  /**
   * Computes the texts that are missing, one model after the other, in models of their own. Ends early when something else is
   * asked, or by `cancel`. Throws what building and running a model can throw.
   */
  async computeAll(asked: Asked): Promise<void> {
    this.ask(asked);
    if (this.computing !== undefined) return;
    this.#cancel = new AbortController();
    const { signal } = this.#cancel;
    const { idx, mask, device, model: name, ...options } = asked;
    try {
      for (const step of snapshotSteps) {
        if (this.ids.has(step)) continue;
        this.#compute(step);
        const building = { mask, device, signal, onProgress: () => {} };
        const model = await this.#backend.build(atStep(name, step), building);
        try {
          const appended = idx.map((): number[] => []);
          for await (const { ids } of this.#backend.generate(model, idx, { ...options, topK: 1, signal }))
            for (const [row, id] of ids.entries()) appended[row]!.push(id);
          signal.throwIfAborted();
          this.keep(step, appended);
        } finally {
          model.destroy();
        }
      }
    } catch (cause) {
      if (!signal.aborted) throw cause;
    } finally {
      if (!signal.aborted) this.#compute(undefined);
    }
  }

  cancel(): void {
    this.#cancel.abort();
    this.#compute(undefined);
  }

  #compute(step: number | undefined): void {
    this.computing = step;
    this.#changed();
  }
}
