import { html, nothing, type TemplateResult } from "lit";
import type { HeadOfLayer } from "../config.ts";
import type { GPTModel } from "../index.ts";
import { aboutThis } from "../lesson/about.ts";
import "./candidates/candidate-table.ts";
import { asLinked } from "../lesson/models/chosen-files.ts";
import { atStep, smallStepOf } from "../lesson/models/model-source.ts";
import { appendedAt, type Station } from "../lesson/playhead.ts";
import { isNextHidden } from "../lesson/predict/asked.ts";
import type { Session } from "../lesson/session.ts";
import type { Settings } from "../lesson/session-state.ts";
import { settingsLine } from "../lesson/share/link.ts";
import { otherModel } from "../lesson/small-model/other-model.ts";
import type { Training } from "../lesson/small-model/training.ts";
import { liveSentence } from "./design/live-sentence.ts";
import "./share/handout.ts";
import "./stations/stations.ts";
import { type Iteration, previewOf, samplingOf } from "../lesson/iteration.ts";
import { croppedAway } from "../lesson/text-so-far.ts";
import "./tokens/token-tape.ts";

/** What the figure is drawn from. */
export interface View {
  session: Session<GPTModel>;
  settings: Settings;
  /** The row of the batch that the stations and the table show. */
  row: number;
  /** The iteration at the playhead, of that row; undefined before the first. */
  iteration: Iteration | undefined;
  /** The tokens that the model's texts were made of; undefined where nothing is known of them. */
  seen: ReadonlySet<number> | undefined;
  /** Whether prompt, model and switches are the page's to change, and nobody else's. */
  locked: boolean;
  /** Whether tokens come as fast as they can: nobody could follow what moves. */
  isFast: boolean;
}

/** What somebody chooses at a press. */
export interface Choice {
  model?: string;
  prompts?: readonly string[];
  ablate?: readonly HeadOfLayer[];
}

/** What computes, and the other model that is one press away. */
export function about(
  { session: { settings, prompts } }: View,
  canChoose: boolean,
  choose: (choice: Choice) => void,
): TemplateResult {
  const other = otherModel(settings.model, prompts.texts);
  return html`<p class="about">
    ${liveSentence(aboutThis(settings.model))}
    ${canChoose ? html`<button type="button" class="inline" @click=${() => choose(other)}>${other.label}</button>` : nothing}
  </p>`;
}

/** How long the small model was trained, where it is the one that was chosen. Its code comes with the first choice of it. */
export function trainingStrip(
  { session: { settings, prompts, state }, row, locked }: View,
  { recorded, texts }: Training<GPTModel>,
  choose: (choice: Choice) => void,
  showHead: (head: { layer: number; head: number }) => void,
): TemplateResult | typeof nothing {
  const step = smallStepOf(settings.model);
  if (step === undefined || !recorded) return nothing;
  void import("./training/training-strip.ts").catch(() => {}); // then the menu still chooses it
  const { tokenizer } = prompts;
  return html`<next-token-training-strip
    .step=${step}
    .prompt=${prompts.texts[row]!}
    .ablate=${settings.ablate}
    .locked=${locked}
    .textAt=${(step: number) => (tokenizer && !isNextHidden(state) && texts.ids.has(step) ? tokenizer.decode(texts.ids.get(step)![row]!) : undefined)}
    @step-choose=${({ detail }: CustomEvent<number>) => choose({ model: atStep(settings.model, detail) })}
    @ablate-change=${({ detail }: CustomEvent<readonly HeadOfLayer[]>) => choose({ ablate: detail })}
    @head-show=${({ detail }: CustomEvent<{ layer: number; head: number }>) => showHead(detail)}
    @example-choose=${({ detail }: CustomEvent<string>) => choose({ prompts: prompts.texts.map((text, r) => (r === row ? detail : text)) })}
  ></next-token-training-strip>`;
}

/** The text: every row of the batch up to the playhead. */
export function tape({ session, settings, row, seen }: View): TemplateResult {
  const { state, prompts } = session;
  const rows = state.start ?? prompts.idx ?? prompts.rows.map(({ ids = [] }) => ids); // unequal ones are shown as they are
  const shown = state.steps.slice(0, appendedAt(state.at));
  const dropped = croppedAway((rows[0]?.length ?? 0) + shown.length, settings.contextSize);
  return html`<next-token-tape
    .tokenizer=${prompts.tokenizer}
    .seen=${seen}
    .start=${rows}
    .generated=${rows.map((_, r) => shown.map(({ ids }) => ids[r]!))}
    .dropped=${dropped}
    .row=${row}
    @iteration-show=${showIteration(session)}
  ></next-token-tape>`;
}

/** The step where an iteration's token has just been appended: all before it can be read as well. */
const APPENDED: Station = 6;

const showIteration =
  (session: Session<GPTModel>) =>
  ({ detail: step }: CustomEvent<number>) =>
    session.show({ step, station: APPENDED });

/** The seven steps of the iteration at the playhead. @param onNext called for the first step of the next one; undefined where nobody can go on there */
export function stations(
  { session, settings, iteration, isFast }: View,
  onNext: (() => void) | undefined,
): TemplateResult {
  const { state, prompts, config } = session;
  const show = ({ detail: station }: CustomEvent<Station>) =>
    state.at && session.show({ step: state.at.step, station });
  return html`<next-token-stations
    .tokenizer=${prompts.tokenizer}
    .iteration=${iteration}
    .vocab_size=${config.vocab_size}
    .sampling=${samplingOf(iteration, settings)}
    .recorded=${state.steps.length}
    .keepsInView=${!isFast}
    @station-show=${show}
    @iteration-show=${showIteration(session)}
    .canGoOn=${onNext !== undefined}
    @iteration-next=${onNext}
  ></next-token-stations>`;
}

/** The likeliest tokens, once the softmax has made them, or before the first iteration as they would be; the chosen one is marked once it has been chosen. */
export function candidates({
  session: { prompts, config, state },
  row,
  iteration,
  seen,
}: View): TemplateResult {
  const isPreview = !iteration;
  const result = isPreview ? previewOf(state, row) : iteration.station >= 3 ? iteration.result : undefined;
  return html`
    <next-token-candidates
      .tokenizer=${prompts.tokenizer}
      .seen=${seen}
      .candidates=${result?.top ?? []}
      .isPreview=${isPreview}
      .chosen=${iteration && iteration.station >= 4 ? result?.chosen.id : undefined}
      .smallest=${result?.logits.min ?? 0}
      .entropy=${result?.logits.entropy ?? 0}
      .vocab_size=${config.vocab_size}
      .draw=${result?.draw}
      .drawn=${result?.draw && iteration && iteration.station >= 4 ? result.chosen : undefined}
    ></next-token-candidates>
  `;
}

/** Which row of a batch the steps and the table show. */
export function rowChoice(
  { session: { state, prompts }, row }: View,
  onRow: (row: number) => void,
): TemplateResult | typeof nothing {
  if ((state.start?.length ?? prompts.rows.length) < 2) return nothing;
  return html`<fieldset class="row">
    <legend>Row shown</legend>
    ${prompts.texts.map(
      (text, r) =>
        html`<label title=${text}>
          <input type="radio" name="row" .checked=${r === row} @change=${() => onRow(r)} />row ${r}
        </label>`,
    )}
  </fieldset>`;
}

/** The run on paper: what is printed instead of the page. */
export function handout({ session: { state, prompts }, settings }: View): TemplateResult {
  const last = state.steps[appendedAt(state.at) - 1];
  const ranWith = last ? { ...settings, ...last.ranWith, sampling: last.sampling } : settings;
  return html`<next-token-handout
    lang="en"
    dir="ltr"
    .tokenizer=${prompts.tokenizer}
    .start=${state.start ?? prompts.idx ?? []}
    .steps=${state.steps.slice(0, appendedAt(state.at))}
    .settings=${`${asLinked(settings.model)} · ${settingsLine(ranWith)}`}
  ></next-token-handout>`;
}
