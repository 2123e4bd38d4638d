import type { Station } from "./playhead.ts";
import type { RecordedStep, SessionState } from "./session-state.ts";
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
  /** Whether its token was drawn, not the likeliest taken; undefined while its forward pass lies ahead. */
  isDrawn: boolean | undefined;
  /** The ids that this iteration chooses for all rows of the batch; undefined before the second station. */
  allChosen: readonly number[] | undefined;
  /** What the forward pass gave; undefined before the second station. */
  result: IterationResult | undefined;
}

export interface IterationResult extends Pick<RecordedStep, "computed" | "milliseconds" | "isFirstOfRun"> {
  top: RecordedStep["top"][number];
  chosen: RecordedStep["chosen"][number];
  logits: RecordedStep["logits"][number];
}

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
    isDrawn: recorded && recorded.sampling !== undefined,
    allChosen: step?.ids,
    result: step && {
      computed: step.computed,
      milliseconds: step.milliseconds,
      isFirstOfRun: step.isFirstOfRun,
      top: step.top[row]!,
      chosen: step.chosen[row]!,
      logits: step.logits[row]!,
    },
  };
}
