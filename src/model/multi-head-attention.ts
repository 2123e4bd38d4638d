import { causalAttention } from "../kernels/causal-attention.ts";
import { widthOf } from "../kernels/chunk.ts";
import type { GPTConfig } from "./config.ts";
import { Linear } from "./linear.ts";
import { type Activation, type Pass, rowsOf } from "../pass/pass.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";

/** The notebook's MultiHeadAttention. Its W_query, W_key and W_value are one Linear here, W_qkv. */
export class MultiHeadAttention {
  readonly W_qkv: Linear;
  readonly out_proj: Linear;
  readonly n_heads: number;
  readonly head_dim: number;
  readonly layer: number;

  constructor(tensors: WeightTensors, { emb_dim, n_heads }: GPTConfig, layer: number) {
    this.W_qkv = new Linear(tensors, `trf_blocks.${layer}.att.W_qkv`);
    this.out_proj = new Linear(tensors, `trf_blocks.${layer}.att.out_proj`);
    this.n_heads = n_heads;
    this.head_dim = emb_dim / n_heads;
    this.layer = layer;
  }

  /** x [batch, num_tokens, emb_dim] -> y = shortcut + dropout(attention(x)), the same shape. */
  forward(pass: Pass, x: Activation, shortcut: GPUBuffer, y: GPUBuffer): GPUBuffer {
    const { workspace, dropout } = pass;
    this.W_qkv.forwardToCache(pass, x, this.layer);
    pass.inspector?.attention(pass, this.layer);
    const context_vec = { buffer: this.#attend(pass) };
    if (!dropout) return this.out_proj.forward(pass, context_vec, y, { shortcut });
    const projected = this.out_proj.forward(pass, context_vec, workspace.normed);
    return dropout.forward(pass, projected, y, rowsOf(pass) * this.n_heads * this.head_dim, shortcut);
  }

  /** Of q and the cache's keys and values -> workspace.mixed [batch, num_tokens, emb_dim]. */
  #attend({ recording, workspace, cache, batch, num_tokens, mask, shapes, dropout }: Pass): GPUBuffer {
    const { k, v } = cache.layers[this.layer]!;
    recording.add(
      causalAttention[shapes.attention][widthOf(this.head_dim)],
      { q: workspace.q, k, v, past: cache.past, y: workspace.mixed },
      {
        batch,
        num_tokens,
        n_heads: this.n_heads,
        head_dim: this.head_dim,
        capacity: cache.capacity,
        ...(dropout?.draw() ?? { dropout_seed: 0, keep_below: 0, keep_bits: 0 }),
      },
      { causal: Number(mask === "causal"), dropout: Number(dropout !== undefined) },
    );
    return workspace.mixed;
  }
}
