import type { GPTConfig } from "../config.ts";
import { MAX_UNSPLIT } from "../kernels/flash-decoding.ts";
import type { DecodeOptions } from "./decode-context.ts";

const block = { vocab_size: 97, context_length: 16, n_layers: 1, drop_rate: 0, qkv_bias: false };

/** One block of GPT-2 with a small vocabulary: it takes milliseconds, and runs the very pipelines that GPT-2 needs. */
export const gpt2Block: GPTConfig = { ...block, emb_dim: 768, n_heads: 12 };

/** The same as wide as the small model that comes with the page, and so with its pipelines: it has to be there at once. */
export const smallBlock: GPTConfig = { ...block, emb_dim: 96, n_heads: 4 };

/** The block with the pipelines that a model as wide as this one needs; where there is none, GPT-2's. */
export const oneBlockOf = ({ emb_dim, n_heads }: Partial<GPTConfig>): GPTConfig =>
  emb_dim === smallBlock.emb_dim && n_heads === smallBlock.n_heads ? smallBlock : gpt2Block;

/** So large a cache that attention is split, where it is for long texts. */
export const oneBlockDecoding: DecodeOptions = { batch: 1, capacity: MAX_UNSPLIT + 1, topK: 1 };
