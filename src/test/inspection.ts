import { expect } from "vitest";
import type { Inspection } from "../runtime/inspect.ts";
import { expectClose } from "./matchers.ts";

/** The logit lens as the fixtures keep it: ids and logits of the best five, for each layer. */
export interface LensFixture {
  top_ids: number[][];
  top_logits: number[][];
}

/** Fails unless the lens shows PyTorch's candidates; equal logits within `tolerance` may change places. */
export function expectLens(
  { lens }: Inspection,
  { top_ids, top_logits }: LensFixture,
  tolerance: number,
): number {
  const logits = lens.map((candidates) => candidates.map(({ logit }) => logit));
  const error = expectClose(logits.flat(), top_logits.flat(), { abs: tolerance });
  for (const [layer, candidates] of lens.entries()) {
    for (const [rank, { id }] of candidates.entries()) {
      const place = top_ids[layer]!.indexOf(id);
      const gap =
        place === -1 ? Number.POSITIVE_INFINITY : top_logits[layer]![place]! - top_logits[layer]![rank]!;
      expect(Math.abs(gap), `layer ${layer}, rank ${rank}: id ${id}`).toBeLessThanOrEqual(2 * error);
    }
  }
  return error;
}

/** Fails unless every row of every head adds up to one, and looks at nothing behind itself where a mask forbids it. */
export function expectWholeRows({ ids, mask, n_layers, n_heads, attention }: Inspection): void {
  const T = ids.length;
  for (let layer = 0; layer < n_layers; layer++) {
    for (let head = 0; head < n_heads; head++) {
      const weights = attention(layer, head);
      for (let query = 0; query < T; query++) {
        const row = weights.subarray(query * T, (query + 1) * T);
        expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
        const later = [...row.subarray(query + 1)];
        if (mask === "causal") expect(later).toEqual(later.map(() => 0));
        else expect(Math.min(...row)).toBeGreaterThan(0);
      }
    }
  }
}

/** Every head's weights, [n_layers][n_heads] of [T, T]. */
export const allHeads = ({ n_layers, n_heads, attention }: Inspection): Float32Array[][] =>
  Array.from({ length: n_layers }, (_, layer) =>
    Array.from({ length: n_heads }, (_, head) => attention(layer, head)),
  );
