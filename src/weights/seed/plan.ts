import type { GPTConfig } from "../../config.ts";
import { NextTokenError } from "../../errors.ts";
import { type Parameter, parameters, sizeOf } from "../parameters.ts";
import { MAX_CHUNK_BYTES } from "../weight-source.ts";
import { NORMAL_GROUP } from "./blocks.ts";

/** Whole rows of one parameter: `length` values from value `offset` on. */
export interface Piece {
  readonly parameter: Parameter;
  readonly offset: number;
  readonly length: number;
}

/** Pieces that travel together in one buffer, one after the other. */
export type Batch = readonly Piece[];

/**
 * The batches in which the seeded weights of a model are made, in the generator's order: each of `maxBytes` at most, or
 * of a few rows where those are larger, but never above 4 MiB.
 */
export function planBatches(config: GPTConfig, maxBytes = MAX_CHUNK_BYTES): Batch[] {
  const maxValues = maxBytes / 4;
  const batches: Piece[][] = [];
  let free = 0;
  for (const piece of parameters(config).flatMap((parameter) => pieces(parameter, maxValues))) {
    if (piece.length > free) {
      batches.push([]);
      free = maxValues;
    }
    batches[batches.length - 1].push(piece);
    free -= piece.length;
  }
  return batches;
}

/** Cuts a parameter between rows, and normals between groups of 16 as well. */
function pieces(parameter: Parameter, maxValues: number): Piece[] {
  const size = sizeOf(parameter.shape);
  const isNormal = parameter.init === "normal";
  if (isNormal && size < NORMAL_GROUP) {
    throw new NextTokenError(
      "bad-config",
      `${parameter.name} would have ${size} values. PyTorch draws fewer than ${NORMAL_GROUP} in another way, which is not known here; choose a larger emb_dim.`,
    );
  }
  const row = parameter.shape[parameter.shape.length - 1];
  const unit = isNormal ? leastCommonMultiple(row, NORMAL_GROUP) : row;
  if (2 * unit > MAX_CHUNK_BYTES / 4) {
    throw new NextTokenError(
      "bad-config",
      `A row of ${parameter.name} has ${row} values; choose a smaller emb_dim.`,
    );
  }
  // The last piece takes the remainder too: the last 16 normals, which are drawn anew, stay in one piece.
  const step = unit * Math.max(1, Math.floor(maxValues / unit) - 1);
  const count = Math.max(1, Math.ceil((size - unit) / step));
  return Array.from({ length: count }, (_, i) => ({
    parameter,
    offset: i * step,
    length: i === count - 1 ? size - i * step : step,
  }));
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** How many numbers the generator gives for a batch. */
export const drawsOf = (batch: Batch): number =>
  batch.reduce((sum, { parameter: { init, shape }, offset, length }) => {
    if (init === "ones" || init === "zeros") return sum;
    const redrawn = init === "normal" && offset + length === sizeOf(shape) && length % NORMAL_GROUP !== 0;
    return sum + length + (redrawn ? NORMAL_GROUP : 0);
  }, 0);

/** A normal takes about 2.5 times as long as a uniform number (docs/decisions/seeded-weights.md). */
const costOf = (batch: Batch): number =>
  batch.reduce((sum, { parameter, length }) => sum + length * (parameter.init === "normal" ? 2.5 : 1), 0);

/** Batches that one worker makes, the first of them number `from` of all, and the numbers drawn before them. */
export interface Share {
  readonly from: number;
  readonly batches: readonly Batch[];
  readonly drawsBefore: number;
}

/** Cuts the batches into `count` shares of about the same work. count: 1 ... batches.length. */
export function planShares(batches: readonly Batch[], count: number): Share[] {
  const total = batches.reduce((sum, batch) => sum + costOf(batch), 0);
  const shares: Share[] = [];
  let [from, drawsBefore, draws, cost] = [0, 0, 0, 0];
  batches.forEach((batch, i) => {
    cost += costOf(batch);
    draws += drawsOf(batch);
    const isLast = i === batches.length - 1;
    if (isLast || (shares.length < count - 1 && cost >= (total * (shares.length + 1)) / count)) {
      shares.push({ from, batches: batches.slice(from, i + 1), drawsBefore });
      [from, drawsBefore] = [i + 1, draws];
    }
  });
  return shares;
}
