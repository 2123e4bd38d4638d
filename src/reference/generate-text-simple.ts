import { argmax } from "./argmax.ts";
import type { GPTModel } from "./gpt-model.ts";
import { softmax } from "./softmax.ts";

/**
 * The notebook's loop: each row grows by its likeliest next token, `max_new_tokens` times. The model sees the last
 * `context_size` tokens of a row.
 *
 * @param idx [B, T] token ids
 * @returns [B, T + max_new_tokens]
 */
export function generateTextSimple(
  model: GPTModel,
  idx: readonly (readonly number[])[],
  max_new_tokens: number,
  context_size: number,
): number[][] {
  const { vocab_size } = model.cfg;
  let rows = idx.map((row) => [...row]);
  for (let step = 0; step < max_new_tokens; step++) {
    const idx_cond = rows.map((row) => row.slice(-context_size));
    const logits = model.forward(idx_cond); // [B, T, vocab_size]
    const num_tokens = idx_cond[0].length;
    rows = rows.map((row, b) => {
      const last = (b + 1) * num_tokens - 1; // the row's last position
      const probabs = softmax(logits.subarray(last * vocab_size, (last + 1) * vocab_size), vocab_size);
      return [...row, ...argmax(probabs, vocab_size)];
    });
  }
  return rows;
}
