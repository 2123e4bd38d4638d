/** The keys of the notebook's configuration dictionary, with the notebook's names. */
export interface GPTConfig {
  /** How many tokens the tokenizer knows. */
  vocab_size: number;
  /** How many tokens the model can look at: rows of `pos_emb`. */
  context_length: number;
  /** Width of the residual stream; a multiple of `n_heads`. */
  emb_dim: number;
  n_heads: number;
  n_layers: number;
  /** Share of values that dropout zeroes in training mode. */
  drop_rate: number;
  /** Whether W_query, W_key and W_value have a bias. */
  qkv_bias: boolean;
}

/** "causal": a token sees itself and what came before. "none": the notebook as printed, which sees everything. */
export type Mask = "causal" | "none";

/** A head of attention by its layer and its number there, both counted from 0. */
export type HeadOfLayer = readonly [layer: number, head: number];

/**
 * Progress of anything longer than a second; `loaded` and `total` count bytes. Phases: "weights" while a seed's are made;
 * for a checkpoint "download", "retry" while a server is given a pause, "other-tab" while another tab downloads the same,
 * "cache" and "file" while it is read from there.
 */
export interface Progress {
  phase: string;
  loaded: number;
  total: number;
  /** The pace of the last few seconds, and how long the rest takes at it; undefined while nothing can be said. */
  bytesPerSecond?: number | undefined;
  secondsLeft?: number | undefined;
  /** While a download waits before it asks again: for so many milliseconds. */
  retryIn?: number | undefined;
}

/** Who is to compute: the GPU wherever there is one, else the processor; the GPU or nobody; the processor. */
export type DeviceChoice = "auto" | "gpu" | "cpu";
export const deviceChoices: readonly [DeviceChoice, ...DeviceChoice[]] = ["auto", "gpu", "cpu"];

export const GPT_CONFIG_124M: GPTConfig = {
  vocab_size: 50257,
  context_length: 1024,
  emb_dim: 768,
  n_heads: 12,
  n_layers: 12,
  drop_rate: 0.1,
  qkv_bias: false,
};
