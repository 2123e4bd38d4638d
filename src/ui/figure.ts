import { html, nothing, type TemplateResult } from "lit";
import { GPT_CONFIG_124M } from "../config.ts";
import type { GPTModel } from "../index.ts";
import "./candidates/candidate-table.ts";
import { asLinked } from "../lesson/models/chosen-files.ts";
import { appendedAt, type Station } from "../lesson/playhead.ts";
import type { Session } from "../lesson/session.ts";
import type { Settings } from "../lesson/session-state.ts";
import { settingsLine } from "../lesson/share/link.ts";
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
  /** Whether tokens come as fast as they can: nobody could follow what moves. */
  isFast: boolean;
}

/** The text: every row of the batch up to the playhead. */
export function tape({ session, settings, row }: View): TemplateResult {
  const { state, prompts } = session;
  const rows = state.start ?? prompts.idx ?? prompts.rows.map(({ ids = [] }) => ids); // unequal ones are shown as they are
  const shown = state.steps.slice(0, appendedAt(state.at));
  const dropped = croppedAway((rows[0]?.length ?? 0) + shown.length, settings.contextSize);
  return html`<next-token-tape
    .tokenizer=${prompts.tokenizer}
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

/** The seven steps of the iteration at the playhead. @param onNext called for the first step of the next one; `onRow` for another row of the batch */
export function stations(
  { session, settings, row, iteration, isFast }: View,
  onNext: () => void,
  onRow: (row: number) => void,
): TemplateResult {
  const { state, prompts, model } = session;
  const rows = state.start?.length ?? prompts.rows.length;
  const show = ({ detail: station }: CustomEvent<Station>) =>
    state.at && session.show({ step: state.at.step, station });
  return html`${rows > 1 ? rowChoice(prompts.texts, row, onRow) : nothing}<next-token-stations
    .tokenizer=${prompts.tokenizer}
    .iteration=${iteration}
    .vocab_size=${model?.config.vocab_size ?? GPT_CONFIG_124M.vocab_size}
    .sampling=${samplingOf(iteration, settings)}
    .recorded=${state.steps.length}
    .keepsInView=${!isFast}
    @station-show=${show}
    @iteration-show=${showIteration(session)}
    @iteration-next=${onNext}
  ></next-token-stations>`;
}

/** The likeliest tokens, once the softmax has made them, or before the first iteration as they would be; the chosen one is marked once it has been chosen. */
export function candidates({ session: { prompts, model, state }, row, iteration }: View): TemplateResult {
  const isPreview = !iteration;
  const result = isPreview ? previewOf(state, row) : iteration.station >= 3 ? iteration.result : undefined;
  return html`
    <next-token-candidates
      .tokenizer=${prompts.tokenizer}
      .candidates=${result?.top ?? []}
      .isPreview=${isPreview}
      .chosen=${iteration && iteration.station >= 4 ? result?.chosen.id : undefined}
      .smallest=${result?.logits.min ?? 0}
      .entropy=${result?.logits.entropy ?? 0}
      .vocab_size=${model?.config.vocab_size ?? GPT_CONFIG_124M.vocab_size}
      .draw=${result?.draw}
      .drawn=${result?.draw && iteration!.station >= 4 ? result.chosen : undefined}
    ></next-token-candidates>
  `;
}

/** Which row of the batch the steps and the table show. */
function rowChoice(texts: readonly string[], row: number, onRow: (row: number) => void): TemplateResult {
  return html`<fieldset class="row">
    <legend>Row shown</legend>
    ${texts.map(
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
