import type { CheckpointRecipe } from "./checkpoint-maker.ts";

const small = { vocab_size: 503, n_positions: 32, n_embd: 48, n_layer: 2, n_head: 4 };

/** The checkpoints of the tests. PyTorch's numbers for each are in tools/parity/fixtures. */
export const recipes: Readonly<Record<string, CheckpointRecipe>> = {
  /** The one in the repository: names with prefix, masks in the file, tied head, as in the published files. */
  small: { ...small, seed: 1, prefix: true, masks: true },
  /** Names without prefix, and a head of its own. */
  head: { ...small, seed: 2, head: true },
  f16: { ...small, seed: 3, dtype: "F16", prefix: true },
  bf16: { ...small, seed: 4, dtype: "BF16", head: true, prefix: true },
  /** Heads of 64, which need no config.json to be guessed. */
  heads64: { vocab_size: 257, n_positions: 16, n_embd: 128, n_layer: 1, n_head: 2, seed: 5 },
  /** The vocabulary of the tokenizer, for the page: two pieces long, with heads that have to be told. */
  page: { vocab_size: 50257, n_positions: 64, n_embd: 32, n_layer: 2, n_head: 4, seed: 8, prefix: true },
  /** One block as wide as GPT-2 XL's: its largest matrix is the largest of the family, 41 MB. */
  wide: { vocab_size: 1000, n_positions: 16, n_embd: 1600, n_layer: 1, n_head: 25, seed: 7 },
  /** As GPT-2 124M is published: 548 MB, masks in the file, no prefix, no head. */
  "124M": {
    vocab_size: 50257,
    n_positions: 1024,
    n_embd: 768,
    n_layer: 12,
    n_head: 12,
    seed: 6,
    masks: true,
  },
};
