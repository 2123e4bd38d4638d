import type { GPTModel } from "../../src/index.ts";
import { DECODE_ROOM, timeDecode } from "./decode.ts";
import type { BatchRow } from "./result.ts";
import { summarize } from "./statistics.ts";
import { TOP_K } from "./subject.ts";

const ROWS = [1, 2, 4, 8];

/** Milliseconds of a decode step of 1, 2, 4 and 8 rows side by side, at the same context. */
export async function timeBatches(
  model: GPTModel,
  prompt: readonly number[],
  context: number,
): Promise<BatchRow[]> {
  const rows: BatchRow[] = [];
  for (const batch of ROWS) {
    const decoding = await model.startDecoding({ batch, capacity: context + DECODE_ROOM, topK: TOP_K });
    try {
      await decoding.prefill(Array.from({ length: batch }, () => prompt)); // records the decode step
      rows.push({ rows: batch, ...summarize(await timeDecode(decoding, context)) });
    } finally {
      await decoding.destroy();
    }
  }
  return rows;
}
