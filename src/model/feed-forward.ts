import type { Activation, Pass } from "../pass/pass.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";
import { Linear, type Product } from "./linear.ts";

/** The notebook's FeedForward: Linear, GELU, Linear; the GELU is the first Linear's epilogue. */
export class FeedForward {
  readonly layers: readonly [Linear, Linear];

  constructor(tensors: WeightTensors, layer: number) {
    const name = `trf_blocks.${layer}.ff.layers`;
    this.layers = [new Linear(tensors, `${name}.0`), new Linear(tensors, `${name}.2`)];
  }

  /** x [batch, num_tokens, emb_dim] -> the product that gives the same shape, for the block to add its shortcut to. */
  forward(pass: Pass, x: Activation): Product {
    const hidden = this.layers[0].forward(pass, x, pass.workspace.hidden, { gelu: true });
    return { linear: this.layers[1], x: { buffer: hidden } };
  }
}
