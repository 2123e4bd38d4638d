import { causalAttention, type Mask } from "./causal-attention.ts";
import { dropout, keepMask } from "./dropout.ts";
import { embedding } from "./embedding.ts";
import { gelu } from "./gelu.ts";
import { layerNorm } from "./layer-norm.ts";
import { matmul } from "./matmul.ts";
import { residual } from "./residual.ts";

/** The notebook's configuration. */
export interface Config {
  vocab_size: number;
  context_length: number;
  emb_dim: number;
  n_heads: number;
  n_layers: number;
  drop_rate: number;
  qkv_bias: boolean;
}

/** Weights under PyTorch's names: "tok_emb.weight", "trf_blocks.0.att.W_query.weight", "final_norm.scale" ... */
export type NamedWeights = ReadonlyMap<string, { shape: readonly number[]; data: ArrayLike<number> }>;

/**
 * The notebook's GPTModel in f64. Each method is one of its classes; `name` is the module's name in PyTorch.
 * B rows of T tokens; every x is [B, T, emb_dim] unless it says otherwise.
 */
export class GPTModel {
  readonly cfg: Config;
  readonly weights: NamedWeights;
  readonly mask: Mask;
  /** Draws the seed of the next dropout; absent where nothing is dropped. */
  private nextSeed?: () => number;

  constructor(weights: NamedWeights, cfg: Config, mask: Mask = "causal") {
    this.weights = weights;
    this.cfg = cfg;
    this.mask = mask;
  }

  /**
   * The logits of every position.
   *
   * @param idx [B, T] token ids
   * @param nextSeed the 32-bit draws of the generator that made the weights, one for each dropout, in the order of
   *   the forward pass: given, the model is in training mode
   * @returns logits [B, T, vocab_size]
   */
  forward(idx: readonly (readonly number[])[], nextSeed?: () => number): Float64Array {
    const { emb_dim, n_layers } = this.cfg;
    const num_tokens = idx[0].length;
    this.nextSeed = this.cfg.drop_rate > 0 ? nextSeed : undefined; // PyTorch draws nothing at a rate of 0
    const tok_emb = this.tensor("tok_emb.weight").data;
    const pos_emb = this.tensor("pos_emb.weight").data;
    let x = embedding(idx.flat(), tok_emb, pos_emb, { num_tokens, emb_dim, first_position: 0 });
    x = this.drop_emb(x);
    for (let i = 0; i < n_layers; i++) x = this.TransformerBlock(`trf_blocks.${i}`, x, num_tokens);
    x = this.LayerNorm("final_norm", x);
    return this.Linear("out_head", x);
  }

  TransformerBlock(name: string, x: Float64Array, num_tokens: number): Float64Array {
    let shortcut = x;
    x = this.LayerNorm(`${name}.norm1`, x);
    x = this.MultiHeadAttention(`${name}.att`, x, num_tokens);
    x = this.drop_emb(x);
    x = residual(x, shortcut);

    shortcut = x;
    x = this.LayerNorm(`${name}.norm2`, x);
    x = this.FeedForward(`${name}.ff`, x);
    x = this.drop_emb(x);
    return residual(x, shortcut);
  }

  MultiHeadAttention(name: string, x: Float64Array, num_tokens: number): Float64Array {
    const { emb_dim, n_heads, drop_rate } = this.cfg;
    const batch = x.length / (num_tokens * emb_dim);
    const queries = this.Linear(`${name}.W_query`, x);
    const keys = this.Linear(`${name}.W_key`, x);
    const values = this.Linear(`${name}.W_value`, x);
    const dims = { batch, num_tokens, cache_len: 0, n_heads, head_dim: emb_dim / n_heads };
    const num_weights = batch * n_heads * num_tokens * num_tokens;
    const drop = this.nextSeed && {
      keep: keepMask(num_weights, this.nextSeed(), drop_rate),
      rate: drop_rate,
    };
    const context = causalAttention(queries, keys, values, dims, this.mask, drop);
    return this.Linear(`${name}.out_proj`, context);
  }

  FeedForward(name: string, x: Float64Array): Float64Array {
    return this.Linear(`${name}.layers.2`, gelu(this.Linear(`${name}.layers.0`, x)));
  }

  LayerNorm(name: string, x: Float64Array): Float64Array {
    return layerNorm(x, this.tensor(`${name}.scale`).data, this.tensor(`${name}.shift`).data);
  }

  /** x [..., in_dim] to [..., out_dim]; adds a bias where the module has one. */
  Linear(name: string, x: Float64Array): Float64Array {
    const { shape, data: W } = this.tensor(`${name}.weight`);
    const [out_dim, in_dim] = shape;
    const bias = this.weights.get(`${name}.bias`)?.data;
    return matmul(x, W, { num_rows: x.length / in_dim, in_dim, out_dim }, bias);
  }

  drop_emb(x: Float64Array): Float64Array {
    return this.nextSeed ? dropout(x, this.nextSeed(), this.cfg.drop_rate) : x;
  }

  private tensor(name: string) {
    const tensor = this.weights.get(name);
    if (!tensor) throw new Error(`The reference model has no weight named ${name}.`);
    return tensor;
  }
}
