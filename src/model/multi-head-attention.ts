import type { GPTConfig } from "../config.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import { fitsTiles, flashAttention, flashAttentionTile } from "../kernels/flash-attention.ts";
import { flashDecoding, flashDecodingCombine, splitsFor } from "../kernels/flash-decoding.ts";
import { vecWidthOf } from "../kernels/vec.ts";
import { zeroHead } from "../kernels/zero-head.ts";
import { noMask } from "../pass/dropout-masks.ts";
import { type Activation, type Pass, rowsOf } from "../pass/pass.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";
import { Linear, type Product } from "./linear.ts";

/** The notebook's MultiHeadAttention. Its W_query, W_key and W_value are one Linear here, W_qkv. */
export class MultiHeadAttention {
  readonly W_qkv: Linear;
  readonly out_proj: Linear;
  readonly n_heads: number;
  readonly head_dim: number;
  readonly layer: number;

  constructor({ emb_dim, n_heads }: GPTConfig, tensors: WeightTensors, layer: number) {
    this.W_qkv = new Linear(tensors, `trf_blocks.${layer}.att.W_qkv`);
    this.out_proj = new Linear(tensors, `trf_blocks.${layer}.att.out_proj`);
    this.n_heads = n_heads;
    this.head_dim = emb_dim / n_heads;
    this.layer = layer;
  }

  /** x [batch, num_tokens, emb_dim] -> the product that gives the same shape, for the block to add its shortcut to. */
  forward(pass: Pass, x: Activation): Product {
    this.W_qkv.forwardToCache(pass, x, this.layer);
    pass.inspector?.attention(pass, this.layer);
    const context_vec = this.#attend(pass);
    for (const head of pass.ablated?.get(this.layer) ?? []) this.#zero(pass, context_vec, head);
    return { linear: this.out_proj, x: { buffer: context_vec } };
  }

  /** Of q and the cache's keys and values -> workspace.context_vec [batch, num_tokens, emb_dim]. */
  #attend({ recording, workspace, cache, batch, num_tokens, mask, kernels, dropout }: Pass): DeviceBuffer {
    const { n_heads, head_dim } = this;
    const { k, v } = cache.layers[this.layer]!;
    const { cache_len, capacity } = cache;
    const y = workspace.context_vec;
    const buffers = { q: workspace.q, k, v, cache_len, y };
    const dims = { batch, num_tokens, n_heads, head_dim, capacity, ...(dropout?.next() ?? noMask) };
    const constants = { causal: Number(mask === "causal"), dropout: Number(dropout !== undefined) };
    const isTiled = kernels.attention === "tile" && !dropout && fitsTiles(head_dim);
    if (!isTiled) {
      const variant = kernels.attention === "tile" ? "workgroup" : kernels.attention;
      recording.add(flashAttention[variant][vecWidthOf(head_dim)], buffers, dims, constants);
    } else if (num_tokens > 1) {
      recording.add(flashAttentionTile, buffers, dims, constants);
    } else {
      const { stats } = workspace;
      const splits = splitsFor(capacity);
      const partials = splits > 1 ? workspace.partials : y;
      const combined = { num_rows: batch, n_heads, head_dim, splits };
      recording.add(flashDecoding, { q: workspace.q, k, v, cache_len, partials, stats }, dims, constants);
      if (splits > 1) recording.add(flashDecodingCombine, { partials, stats, cache_len, y }, combined);
    }
    return y;
  }

  /** Takes a head away: what it attended to does not reach out_proj, whose bias stays. */
  #zero(pass: Pass, context_vec: DeviceBuffer, head: number): void {
    const { n_heads, head_dim } = this;
    pass.recording.add(zeroHead, { context_vec }, { num_rows: rowsOf(pass), n_heads, head_dim, head });
  }
}
