import type { GPTConfig } from "../config.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import type { Pass } from "../pass/pass.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";
import { Dropout } from "./dropout.ts";
import { FeedForward } from "./feed-forward.ts";
import { LayerNorm } from "./layer-norm.ts";
import { MultiHeadAttention } from "./multi-head-attention.ts";

/** The notebook's TransformerBlock: attention, then feed-forward, each behind its norm and beside its shortcut. */
export class TransformerBlock {
  readonly att: MultiHeadAttention;
  readonly ff: FeedForward;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly drop_shortcut: Dropout;

  constructor(config: GPTConfig, tensors: WeightTensors, layer: number) {
    this.att = new MultiHeadAttention(config, tensors, layer);
    this.ff = new FeedForward(tensors, layer);
    this.norm1 = new LayerNorm(tensors, `trf_blocks.${layer}.norm1`);
    this.norm2 = new LayerNorm(tensors, `trf_blocks.${layer}.norm2`);
    this.drop_shortcut = new Dropout(config.emb_dim);
  }

  /** x [batch, num_tokens, emb_dim], in workspace.x, where the result goes too. */
  forward(pass: Pass, x: DeviceBuffer): DeviceBuffer {
    const { workspace } = pass;

    let shortcut = x;
    let normed = this.norm1.forward(pass, x, "qkv");
    let product = this.att.forward(pass, normed);
    x = this.drop_shortcut.addShortcut(pass, product, shortcut, workspace.x_attended);

    shortcut = x;
    normed = this.norm2.forward(pass, x, "linear");
    product = this.ff.forward(pass, normed);
    return this.drop_shortcut.addShortcut(pass, product, shortcut, workspace.x);
  }
}
