import type { GPTConfig } from "../config.ts";
import { MAX_UNSPLIT } from "../kernels/flash-decoding.ts";
import type { DecodeOptions } from "./decode-context.ts";

/** One block of GPT-2 with a small vocabulary: it takes milliseconds, and runs the very pipelines that GPT-2 needs. */
export const oneBlock: GPTConfig = {
  vocab_size: 97,
  context_length: 16,
  emb_dim: 768,
  n_heads: 12,
  n_layers: 1,
  drop_rate: 0,
  qkv_bias: false,
};

/** So large a cache that attention is split, where it is for long texts. */
export const oneBlockDecoding: DecodeOptions = { batch: 1, capacity: MAX_UNSPLIT + 1, topK: 1 };
