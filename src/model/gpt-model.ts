import type { GPTConfig } from "../config.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import type { Pass, Rows } from "../pass/pass.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";
import { Dropout } from "./dropout.ts";
import { Embedding } from "./embedding.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Linear } from "./linear.ts";
import { TransformerBlock } from "./transformer-block.ts";

/** The notebook's GPTModel: the network itself, which writes the dispatches of a forward pass into the pass's recording. */
export class GPTModel {
  /** tok_emb and pos_emb. */
  readonly embedding: Embedding;
  readonly drop_emb: Dropout;
  readonly trf_blocks: readonly TransformerBlock[];
  readonly final_norm: LayerNorm;
  readonly out_head: Linear;

  constructor(config: GPTConfig, tensors: WeightTensors) {
    this.embedding = new Embedding(tensors);
    this.drop_emb = new Dropout(config.emb_dim);
    this.trf_blocks = Array.from(
      { length: config.n_layers },
      (_, layer) => new TransformerBlock(config, tensors, layer),
    );
    this.final_norm = new LayerNorm(tensors, "final_norm");
    // Weight tying: a checkpoint without a head of its own uses the token embedding's weights for it.
    this.out_head = new Linear(tensors, tensors.has("out_head.weight") ? "out_head" : "tok_emb");
  }

  /** in_idx u32 [batch, num_tokens] -> the logits of the rows that are asked for, [rows, vocab_size]. */
  forward(pass: Pass, in_idx: DeviceBuffer, rows: Rows): DeviceBuffer {
    const x = this.blocks(pass, in_idx);
    return this.head(pass, x, rows);
  }

  /** in_idx u32 [batch, num_tokens] -> the residual stream after the last block, [batch, num_tokens, emb_dim]. */
  blocks(pass: Pass, in_idx: DeviceBuffer): DeviceBuffer {
    const { workspace, inspector } = pass;
    const embeds = this.embedding.forward(pass, in_idx, this.drop_emb.inputFor(pass, workspace.x));
    let x = this.drop_emb.forward(pass, embeds, workspace.x);
    inspector?.residual(pass, x, 0);
    for (const [i, block] of this.trf_blocks.entries()) {
      x = block.forward(pass, x);
      inspector?.residual(pass, x, i + 1);
    }
    return x;
  }

  /** Rows of x -> their logits, [rows, vocab_size], in workspace.logits. */
  head(pass: Pass, x: DeviceBuffer, rows: Rows): DeviceBuffer {
    const normed = this.final_norm.forward(pass, x, "linear", rows);
    return this.out_head.forward(pass, normed, pass.workspace.logits, {}, rows.rows);
  }
}
