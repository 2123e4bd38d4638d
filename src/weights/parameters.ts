import type { GPTConfig } from "../config.ts";

/**
 * How a parameter starts: "normal" is the standard normal distribution (embeddings); `uniform` is its bound b, for
 * values in [-b, b) (linear layers, b = 1/sqrt(fan_in)); "ones" and "zeros" draw no random numbers (layer norms).
 */
export type Init = "normal" | "ones" | "zeros" | { readonly uniform: number };

/** One tensor of the model, named as PyTorch's `named_parameters()` names it, stored row-major. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: Init;
}

/** Number of values in a tensor. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/**
 * Every parameter of the notebook's `GPTModel(config)`, in the order in which its constructors create them. That
 * order is part of the model: each tensor takes its values from the generator where the one before it stopped.
 */
export function parameters(config: GPTConfig): Parameter[] {
  const { vocab_size, context_length, emb_dim, n_layers, qkv_bias } = config;
  return [
    embedding("tok_emb", vocab_size, emb_dim),
    embedding("pos_emb", context_length, emb_dim),
    ...Array.from({ length: n_layers }, (_, i) =>
      transformerBlock(`trf_blocks.${i}`, emb_dim, qkv_bias),
    ).flat(),
    ...layerNorm("final_norm", emb_dim),
    ...linear("out_head", emb_dim, vocab_size, false),
  ];
}

const transformerBlock = (name: string, emb_dim: number, qkv_bias: boolean): Parameter[] => [
  ...linear(`${name}.att.W_query`, emb_dim, emb_dim, qkv_bias),
  ...linear(`${name}.att.W_key`, emb_dim, emb_dim, qkv_bias),
  ...linear(`${name}.att.W_value`, emb_dim, emb_dim, qkv_bias),
  ...linear(`${name}.att.out_proj`, emb_dim, emb_dim, true),
  ...linear(`${name}.ff.layers.0`, emb_dim, 4 * emb_dim, true),
  ...linear(`${name}.ff.layers.2`, 4 * emb_dim, emb_dim, true),
  ...layerNorm(`${name}.norm1`, emb_dim),
  ...layerNorm(`${name}.norm2`, emb_dim),
];

const embedding = (name: string, rows: number, emb_dim: number): Parameter => ({
  name: `${name}.weight`,
  shape: [rows, emb_dim],
  init: "normal",
});

/** PyTorch keeps a linear layer's weight as [outputs, inputs]. */
function linear(name: string, inputs: number, outputs: number, bias: boolean): Parameter[] {
  const init = { uniform: 1 / Math.sqrt(inputs) };
  const weight: Parameter = { name: `${name}.weight`, shape: [outputs, inputs], init };
  return bias ? [weight, { name: `${name}.bias`, shape: [outputs], init }] : [weight];
}

const layerNorm = (name: string, emb_dim: number): Parameter[] => [
  { name: `${name}.scale`, shape: [emb_dim], init: "ones" },
  { name: `${name}.shift`, shape: [emb_dim], init: "zeros" },
];
