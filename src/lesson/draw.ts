import type { IterationResult, ShownDraw } from "./iteration.ts";

type Odds = Pick<ShownDraw, "temperature" | "min_val" | "logSumExp">;

/** The probability with which a token of this logit is drawn, after top k and temperature; 0 where top k leaves it out. */
export const drawnProbability = (logit: number, { temperature, min_val, logSumExp }: Odds): number =>
  logit < min_val ? 0 : Math.exp(logit / temperature - logSumExp);

/** Whether top k leaves out any of `vocab_size` tokens. */
export const isCut = ({ kept }: Pick<ShownDraw, "kept">, vocab_size: number): boolean => kept < vocab_size;

/** The probability with which the iteration's token was chosen: after top k and temperature where it was drawn. */
export const chosenProbability = ({ draw, chosen }: Pick<IterationResult, "draw" | "chosen">): number =>
  draw ? draw.to - draw.from : chosen.probability;
