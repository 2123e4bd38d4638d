import type { GPTConfig } from "./config.ts";
import { NextTokenError } from "./errors.ts";

const sizes = ["vocab_size", "context_length", "emb_dim", "n_heads", "n_layers"] as const;

/** A quarter more than GPT-2 XL with a head of its own. Nobody waits for more to be drawn, and few memories hold it. */
const MOST_PARAMETERS = 2e9;
/** More than twice as many as GPT-3 has. Each costs a dozen tensors, however narrow it is. */
const MOST_LAYERS = 256;

/**
 * How many parameters the notebook's `GPTModel(config)` has: `sum(p.numel() for p in model.parameters())`. Takes no longer
 * for a large model than for a small one.
 */
export function parameterCount({
  vocab_size,
  context_length,
  emb_dim,
  n_layers,
  qkv_bias,
}: GPTConfig): number {
  const matrices = 12 * emb_dim; // for each of its rows: query, key, value, out_proj, and four times two of the feed-forward
  const vectors = 10 + (qkv_bias ? 3 : 0); // biases of out_proj and the feed-forward (1 + 4 + 1), two norms of two each
  const embeddings = 2 * vocab_size + context_length; // out_head is as large as tok_emb
  const final_norm = 2;
  return emb_dim * (embeddings + n_layers * (matrices + vectors) + final_norm);
}

/** Throws `bad-config` for a configuration that no model can have, or whose weights are too many to be drawn. Allocates nothing. */
export function checkConfig(config: GPTConfig): void {
  for (const key of sizes) {
    if (!Number.isSafeInteger(config[key]) || config[key] < 1) {
      throw new NextTokenError(
        "bad-config",
        `${key} is ${config[key]}; it must be a whole number above zero.`,
      );
    }
  }
  if (config.emb_dim % config.n_heads !== 0) {
    throw new NextTokenError(
      "bad-config",
      `emb_dim ${config.emb_dim} cannot be shared out among ${config.n_heads} heads. Choose an n_heads that divides it.`,
    );
  }
  if (!(config.drop_rate >= 0 && config.drop_rate < 1)) {
    throw new NextTokenError(
      "bad-config",
      `drop_rate is ${config.drop_rate}; it must be at least 0 and below 1.`,
    );
  }
  if (typeof config.qkv_bias !== "boolean") {
    throw new NextTokenError(
      "bad-config",
      `qkv_bias is ${String(config.qkv_bias)}; it must be true or false.`,
    );
  }
  checkSize(config);
}

function checkSize(config: GPTConfig): void {
  if (config.n_layers > MOST_LAYERS) {
    throw new NextTokenError(
      "bad-config",
      `n_layers is ${config.n_layers}; a model made from a seed has at most ${MOST_LAYERS}. Choose fewer.`,
    );
  }
  const count = parameterCount(config);
  if (count > MOST_PARAMETERS) {
    throw new NextTokenError(
      "bad-config",
      `This model would have ${inBillions(count)} parameters; at most ${inBillions(MOST_PARAMETERS)} are made from a seed, ${(4 * MOST_PARAMETERS) / 1e9} GB in f32. Choose a smaller emb_dim, n_layers, vocab_size or context_length.`,
    );
  }
}

/** 1.64 billion. Beyond a thousand of them the digits say nothing, and would not be right either. */
const inBillions = (count: number): string =>
  count < 1e12 ? `${Number((count / 1e9).toPrecision(3))} billion` : "more than a thousand billion";
