import { expect } from "vitest";
import type { Logits } from "../runtime/forward.ts";
import { maxAbsError } from "./matchers.ts";

/** What the fixtures keep of the logits at one position. */
export interface LogitsRow {
  /** The first and the last four. */
  first: number[];
  last: number[];
  /** The five largest. */
  top_ids: number[];
  top_logits: number[];
  logsumexp: number;
  sum_sq: number;
}

/** The logits at position t of row b. */
export function logitsAt({ shape, data }: Logits, b: number, t: number): Float32Array {
  const [, T, vocab_size] = shape;
  return data.subarray((b * T + t) * vocab_size, (b * T + t + 1) * vocab_size);
}

/**
 * Fails unless the logits [B, T, vocab_size] are within `tolerance` of those of which PyTorch kept `expected` [B, T],
 * and the five largest are in PyTorch's order: two may change places only where they are closer than twice the error.
 *
 * @returns the largest error that can be seen in what was kept
 */
export function expectLogits(
  logits: Logits,
  expected: readonly (readonly LogitsRow[])[],
  tolerance: number,
): number {
  expect(logits.shape.slice(0, 2)).toEqual([expected.length, expected[0].length]);
  const rows = expected.flatMap((row, b) => row.map((at, t) => ({ at, found: logitsAt(logits, b, t) })));
  const errors = rows.map(({ at, found }) => rowError(found, at));
  const error = errors.some(Number.isNaN) ? Number.NaN : Math.max(...errors);
  expect(error, "largest error of a logit").toBeLessThanOrEqual(tolerance);
  for (const { at, found } of rows) expectOrder(found, at.top_ids, error);
  return error;
}

/** What the largest error of a row is at least. */
function rowError(found: Float32Array, { first, last, top_ids, top_logits, logsumexp, sum_sq }: LogitsRow) {
  const listed = maxAbsError(
    [...found.subarray(0, 4), ...found.subarray(-4), ...top_ids.map((id) => found[id])],
    [...first, ...last, ...top_logits],
  );
  // A change of every logit by e at most changes the logarithm of the sum by e at most,
  const inLogsumexp = Math.abs(Math.log(sumOver(found, Math.exp)) - logsumexp);
  // and the sum of squares by e sqrt(n) (|found| + |expected|) at most (Cauchy and Schwarz).
  const found_sq = sumOver(found, (v) => v * v);
  const lengths = Math.sqrt(found_sq) + Math.sqrt(sum_sq);
  const inSquares = Math.abs(found_sq - sum_sq) / (Math.sqrt(found.length) * lengths);
  return Math.max(listed, inLogsumexp, inSquares);
}

const sumOver = (values: Float32Array, f: (value: number) => number): number =>
  values.reduce((sum, value) => sum + f(value), 0);

function expectOrder(found: Float32Array, top_ids: readonly number[], error: number): void {
  const ids = [...found.keys()].sort((a, b) => found[b] - found[a] || a - b).slice(0, top_ids.length);
  ids.forEach((id, rank) => {
    if (id === top_ids[rank]) return;
    const gap = Math.abs(found[id] - found[top_ids[rank]]);
    expect(gap, `id ${id} stands where ${top_ids[rank]} should, rank ${rank}`).toBeLessThanOrEqual(2 * error);
  });
}
