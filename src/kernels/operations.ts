import type { DispatchInfo } from "../device/recording.ts";

/**
 * Additions and multiplications of a dispatch that begins with an empty cache, by its dims: those of the products with weights
 * and of attention. Beside them the rest takes no time.
 */
export function operations({ dims, constants }: DispatchInfo): number {
  const { num_rows, in_dim, out_dim, batch = 1, num_tokens, n_heads, head_dim } = dims;
  if (num_rows && in_dim && out_dim) return 2 * num_rows * in_dim * out_dim;
  if (!num_tokens || !n_heads || !head_dim) return 0;
  // The scores of a query, and the weighted sum of values. The causal mask hides what comes after it: half, on average.
  const seen = constants.causal ? (num_tokens + 1) / 2 : num_tokens;
  return 4 * batch * num_tokens * seen * n_heads * head_dim;
}
