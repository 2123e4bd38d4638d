import type { Logits } from "../index.ts";

/** Rows and columns that are drawn at either end of a long tensor, as PyTorch prints it. */
const EDGE = 3;

/** What is drawn of the logits [B, T, vocab_size] of one iteration. */
export interface LogitMatrix {
  /** The iteration, from 0 on. */
  step: number;
  /** [B, T, vocab_size] */
  shape: readonly [B: number, T: number, vocab_size: number];
  /** The positions drawn, the last one always; `GAP` where some between are left out. */
  positions: readonly number[];
  /** For each row of the batch. */
  rows: readonly MatrixOfRow[];
}

export interface MatrixOfRow {
  /** The ids of the columns drawn, in their order, the chosen one always; `GAP` where some between are left out. */
  columns: readonly number[];
  /** The logit at each position and column that is drawn; `GAP`s have none. */
  logitAt(position: number, id: number): number;
}

/** Stands for what is left out. */
export const GAP = -1;

/** Both ends of `length` places, and those of `also` between them. */
export function edges(length: number, also: readonly number[] = []): number[] {
  const shown = new Set(also);
  for (let i = 0; i < Math.min(length, EDGE); i++) shown.add(i).add(length - 1 - i);
  const places = [...shown].sort((a, b) => a - b);
  return places.flatMap((place, i) => (i > 0 && place > places[i - 1]! + 1 ? [GAP, place] : [place]));
}

/** The positions whose logits are drawn, of a context of `num_tokens`. */
export const drawnPositions = (num_tokens: number): number[] =>
  edges(num_tokens).filter((position) => position !== GAP);

/**
 * @param logits [B, P, vocab_size], of the positions that `drawnPositions` names
 * @param chosen the id that the iteration chose for each row
 */
export function logitMatrix(
  step: number,
  num_tokens: number,
  { shape: [B, P, vocab_size], data }: Logits,
  chosen: readonly number[],
): LogitMatrix {
  const positions = drawnPositions(num_tokens);
  return {
    step,
    shape: [B, num_tokens, vocab_size],
    positions: edges(num_tokens),
    rows: chosen.map((id, b) => {
      const columns = edges(vocab_size, [id]);
      const kept = new Map(
        positions.flatMap((position, i) =>
          columns.map((column) => [`${position} ${column}`, data[(b * P + i) * vocab_size + column]!]),
        ),
      );
      return { columns, logitAt: (position, column) => kept.get(`${position} ${column}`)! };
    }),
  };
}
