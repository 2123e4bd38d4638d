import type { Draw, Sampling } from "../index.ts";
import type { Station } from "./playhead.ts";
import type { RecordedStep, SessionState, Settings } from "./session-state.ts";
import { croppedAway, rowAfter } from "./text-so-far.ts";

/** One iteration of the loop as one row of the batch sees it: what the seven stations show. */
export interface Iteration {
  station: Station;
  /** Which iteration this is, from 0 on, and of how many. */
  step: number;
  target: number;
  batch: number;
  /** The row's ids before this iteration, [T]. */
  ids: number[];
  /** How many of them are cropped away. */
  dropped: number;
  /** Whether its forward pass was done, so that any of its stations can be looked at. */
  isRecorded: boolean;
  /** How its token was drawn; undefined where the likeliest was taken, and while its forward pass lies ahead. */
  sampling: Sampling | undefined;
  /** The ids that this iteration chooses for all rows of the batch; undefined before the second station. */
  allChosen: readonly number[] | undefined;
  /** What the forward pass gave; undefined before the second station. */
  result: IterationResult | undefined;
}

export interface IterationResult extends Pick<RecordedStep, "computed" | "milliseconds" | "isFirstOfRun"> {
  top: RecordedStep["top"][number];
  chosen: RecordedStep["chosen"][number];
  logits: RecordedStep["logits"][number];
  /** How the token was drawn; undefined where the likeliest was taken. */
  draw: ShownDraw | undefined;
}

export interface ShownDraw extends Draw, Pick<Sampling, "temperature"> {}

/** The iteration at the playhead; undefined before the first. */
export function iterationAt(state: SessionState, row: number, contextSize: number): Iteration | undefined {
  const { at, start, steps, target } = state;
  if (!at || !start?.[row]) return undefined;
  const ids = rowAfter(start, steps.slice(0, at.step), row);
  const recorded = steps[at.step];
  const step = at.station > 1 ? recorded : undefined;
  return {
    station: at.station,
    step: at.step,
    target,
    batch: start.length,
    ids,
    dropped: step?.contextStart ?? croppedAway(ids.length, contextSize),
    isRecorded: recorded !== undefined,
    sampling: recorded?.sampling,
    allChosen: step?.ids,
    result: step && resultOf(step, row),
  };
}

/** What Play would choose from in this row; undefined where nobody knows. The preview may still be of fewer rows. */
export const previewOf = ({ preview }: SessionState, row: number): IterationResult | undefined =>
  preview?.idx[row] && resultOf(preview.step, row);

/** What a step gave to one row. */
export const resultOf = (step: RecordedStep, row: number): IterationResult => ({
  computed: step.computed,
  milliseconds: step.milliseconds,
  isFirstOfRun: step.isFirstOfRun,
  top: step.top[row]!,
  chosen: step.chosen[row]!,
  logits: step.logits[row]!,
  draw: step.sampling && { ...step.draws![row]!, temperature: step.sampling.temperature },
});

/** How the token of an iteration is drawn, or will be by the settings as they are; undefined where the likeliest is taken. */
export const samplingOf = (
  iteration: Iteration | undefined,
  settings: Pick<Settings, "sampling">,
): Sampling | undefined => (iteration?.isRecorded ? iteration.sampling : settings.sampling);
