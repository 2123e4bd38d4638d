import type { GPTConfig } from "./config.ts";
import { FeedForward } from "./feed-forward.ts";
import { LayerNorm } from "./layer-norm.ts";
import { MultiHeadAttention } from "./multi-head-attention.ts";
import type { Pass } from "../pass/pass.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";

/** The notebook's TransformerBlock: attention, then feed-forward, each behind its norm and beside its shortcut. */
export class TransformerBlock {
  readonly att: MultiHeadAttention;
  readonly ff: FeedForward;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;

  constructor(tensors: WeightTensors, config: GPTConfig, layer: number) {
    this.att = new MultiHeadAttention(tensors, config, layer);
    this.ff = new FeedForward(tensors, layer);
    this.norm1 = new LayerNorm(tensors, `trf_blocks.${layer}.norm1`);
    this.norm2 = new LayerNorm(tensors, `trf_blocks.${layer}.norm2`);
  }

  /** x [batch, num_tokens, emb_dim], in workspace.x, where the result goes too. */
  forward(pass: Pass, x: GPUBuffer): GPUBuffer {
    const { workspace } = pass;

    let shortcut = x;
    let normed = this.norm1.forward(pass, x);
    x = this.att.forward(pass, normed, shortcut, workspace.x_attended);

    shortcut = x;
    normed = this.norm2.forward(pass, x);
    return this.ff.forward(pass, normed, shortcut, workspace.x);
  }
}
