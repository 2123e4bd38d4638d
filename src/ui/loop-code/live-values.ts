import { drawnProbability } from "../../lesson/draw.ts";
import { formatLogit, formatProbability } from "../../lesson/format.ts";
import type { Iteration } from "../../lesson/iteration.ts";
import type { Settings } from "../../lesson/session-state.ts";
import type { LiveValue } from "./value-tip.ts";

/** Ids written out at most; of longer rows the end. */
const WRITTEN = 8;

/**
 * What the variables of the notebook's loop hold at the station of `iteration`, by their names. Rows other than the one that
 * is shown are left out of the values, not of the shapes.
 */
export function liveValues(
  iteration: Iteration | undefined,
  { contextSize, maxNewTokens, sampling }: Pick<Settings, "contextSize" | "maxNewTokens" | "sampling">,
  vocab_size: number,
): Map<string, LiveValue> {
  const values = new Map<string, LiveValue>([
    ["context_size", { shape: "int", value: String(contextSize) }],
    ["max_new_tokens", { shape: "int", value: String(maxNewTokens) }],
  ]);
  if (sampling) {
    values.set("temperature", { shape: "float", value: String(sampling.temperature) });
    values.set("top_k", { shape: "int", value: String(sampling.topK ?? vocab_size) });
  }
  if (!iteration) return values;
  const { batch: B, ids, dropped, station, result } = iteration;
  const T = ids.length - dropped;
  const idx = station >= 6 && result ? [...ids, result.chosen.id] : ids;
  values.set("idx", { shape: `[${B}, ${idx.length}]`, value: row(idx, B) });
  values.set("idx_cond", { shape: `[${B}, ${T}]`, value: row(ids.slice(dropped), B) });
  if (!result) return values;
  const { min, max } = result.logits;
  values.set("logits", {
    shape: station === 2 ? `[${B}, ${T}, ${vocab_size}]` : `[${B}, ${vocab_size}]`,
    value: `${formatLogit(min)} to ${formatLogit(max)} in the last row`,
  });
  const { draw } = result;
  const [first] = result.top;
  if (station >= 3 && first) {
    const largest = draw ? drawnProbability(first.logit, draw) : first.probability;
    values.set("probabs", { shape: `[${B}, ${vocab_size}]`, value: `at most ${formatProbability(largest)}` });
    if (draw) values.set("min_val", { shape: `[${B}, 1]`, value: formatLogit(draw.min_val) });
  }
  if (station >= 4 && draw) values.set("drawn", { shape: "float", value: draw.uniform.toFixed(9) });
  if (station >= 4) values.set("idx_next", { shape: `[${B}, 1]`, value: row([result.chosen.id], B) });
  return values;
}

function row(ids: number[], B: number): string {
  const written = ids.length > WRITTEN ? ["…", ...ids.slice(-WRITTEN)] : ids;
  return `[[${written.join(", ")}]${B > 1 ? ", …" : ""}]`;
}
