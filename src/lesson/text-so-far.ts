import type { PageTokenizer } from "./backend.ts";
import type { RecordedStep } from "./session-state.ts";

/** The ids of a row [T] after `steps`: what it started from, and what each step appended. */
export const rowAfter = (
  start: readonly (readonly number[])[],
  steps: readonly Pick<RecordedStep, "ids">[],
  row: number,
): number[] => [...start[row]!, ...steps.map(({ ids }) => ids[row]!)];

/** The same of every row, [B, T]. */
export const rowsAfter = (
  start: readonly (readonly number[])[],
  steps: readonly Pick<RecordedStep, "ids">[],
): number[][] => start.map((_, row) => rowAfter(start, steps, row));

/** How many of `length` tokens are cropped away, so that the model reads the last `contextSize`. */
export const croppedAway = (length: number, contextSize: number): number => Math.max(0, length - contextSize);

/** Whether every row has said <|endoftext|> in these steps. */
export const allEnded = (
  steps: readonly Pick<RecordedStep, "ids">[],
  { endOfText }: Pick<PageTokenizer, "endOfText">,
): boolean => steps[0]!.ids.every((_, row) => steps.some(({ ids }) => ids[row] === endOfText));
