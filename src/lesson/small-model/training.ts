import type { Backend, LoadedModel } from "../backend.ts";
import type { Session } from "../session.ts";
import { type Asked, TextsByStep } from "./texts-by-step.ts";

type Recorded = typeof import("./record.ts");

/** What is shown of the small model's training while it is the model that was chosen. */
export class Training<M extends LoadedModel = LoadedModel> {
  readonly texts: TextsByStep<M>;
  /** What was measured; undefined before the small model was first chosen, and until it has come. */
  recorded: Recorded | undefined;
  readonly #changed: () => void;
  #isAsked = false;

  /** @param changed called whenever there is something else to show */
  constructor(backend: Pick<Backend<M>, "build" | "generate">, changed: () => void) {
    this.texts = new TextsByStep(backend, changed);
    this.#changed = changed;
  }

  /** Takes what the lesson shows now, after `step` steps of training: a run that is over has a text to keep. */
  follow(session: Session<M>, step: number): void {
    if (!this.#isAsked) void this.#load();
    const asked = askedOf(session);
    if (!asked) return;
    this.texts.ask(asked);
    const { texts, steps } = session.state;
    if (!this.texts.ids.has(step) && texts && steps.length === asked.maxNewTokens && ranAs(asked, session))
      this.texts.keep(
        step,
        asked.idx.map((_, row) => steps.map(({ ids }) => ids[row]!)),
      );
  }

  /** The texts of all steps. Failures are the lesson's. */
  async computeAll(session: Session<M>): Promise<void> {
    const { idx } = await session.prompts.now();
    await this.texts.computeAll(askedOf(session, idx)!);
  }

  async #load() {
    this.#isAsked = true; // once: browsers remember an import that failed
    this.recorded = await import("./record.ts").catch(() => undefined);
    this.#changed();
  }
}

/** Whether the steps of a run were made as is asked now: its settings may have changed since. */
function ranAs<M extends LoadedModel>(
  { contextSize, sampling, ablate }: Asked,
  { state, config }: Session<M>,
): boolean {
  const asked = JSON.stringify([contextSize, sampling, ablate]);
  return state.steps.every(({ sampling, ranWith }) => {
    const size = Math.min(ranWith.contextSize, config.context_length);
    return JSON.stringify([size, sampling, ranWith.ablate]) === asked;
  });
}

/** What is asked of the small model, of a row no more than it reads; undefined while the prompt's ids are on their way. */
function askedOf<M extends LoadedModel>(
  { settings, state, prompts, contextSize, ablate }: Session<M>,
  idx = state.start ?? prompts.idx,
): Asked | undefined {
  const { model, mask, device, maxNewTokens, sampling } = settings;
  const read = idx?.map((row) => row.slice(-contextSize));
  return read && { idx: read, model, mask, device, maxNewTokens, contextSize, sampling, ablate };
}
