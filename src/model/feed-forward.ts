import { Linear } from "./linear.ts";
import { type Activation, type Pass, rowsOf } from "../pass/pass.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";

/** The notebook's FeedForward: Linear, GELU, Linear; the GELU is the first Linear's last stage. */
export class FeedForward {
  readonly layers: readonly [Linear, Linear];

  constructor(tensors: WeightTensors, layer: number) {
    const name = `trf_blocks.${layer}.ff.layers`;
    this.layers = [new Linear(tensors, `${name}.0`), new Linear(tensors, `${name}.2`)];
  }

  /** x [batch, num_tokens, emb_dim] -> y = shortcut + dropout(layers(x)), the same shape. */
  forward(pass: Pass, x: Activation, shortcut: GPUBuffer, y: GPUBuffer): GPUBuffer {
    const { workspace, dropout } = pass;
    const hidden = { buffer: this.layers[0].forward(pass, x, workspace.hidden, { gelu: true }) };
    if (!dropout) return this.layers[1].forward(pass, hidden, y, { shortcut });
    const projected = this.layers[1].forward(pass, hidden, workspace.normed);
    return dropout.forward(pass, projected, y, rowsOf(pass) * this.layers[1].weight.rows, shortcut);
  }
}
