import { checkIdx } from "../runtime/check-idx.ts";
import type { ModelHandle } from "../runtime/model-handle.ts";
import { checkContextSize, checkMaxNewTokens } from "./check-options.ts";
import { argmax, softmax } from "./tensor-ops.ts";

/**
 * The notebook's `generate_text_simple`, line by line: every row of `idx` [B, T] grows by `max_new_tokens` ids.
 * It recomputes the whole context at every step, as the notebook does; `generate` is the fast way to the same ids.
 * Throws `bad-max-new-tokens`, `bad-context-size`, and what `model.forward` throws.
 */
export async function generateTextSimple(
  model: ModelHandle,
  idx: readonly (readonly number[])[],
  max_new_tokens: number,
  context_size: number,
): Promise<number[][]> {
  checkMaxNewTokens(max_new_tokens);
  checkContextSize(context_size, model.config);
  checkIdx(idx, model.config);
  let rows = idx.map((row) => [...row]);
  for (let step = 0; step < max_new_tokens; step++) {
    // Crop current context if it exceeds the supported context size
    const idx_cond = rows.map((row) => row.slice(-context_size));
    // Focus only on the last time step: [B, T, vocab_size] becomes [B, 1, vocab_size]
    const logits = await model.forward(idx_cond, { logits: "last" });
    // Probabilities, [B, vocab_size]
    const probabs = await softmax(model.device, logits);
    // The id of the highest, [B]
    const idx_next = await argmax(model.device, probabs);
    // Append it to the running sequence, [B, T + 1]
    rows = rows.map((row, b) => [...row, idx_next[b]!]);
  }
  return rows;
}
