import wgsl from "../../shaders/attention/attention-weights.wgsl?raw";
import { defineKernel } from "../gpu/kernel.ts";
import { chunkStage, type Width } from "./vec.ts";

const define = (width: Width) =>
  defineKernel({
    label: `attention-weights (${width})`,
    wgsl: [chunkStage(width), wgsl].join("\n"),
    bindings: ["q", "k", "weights"],
    dims: ["num_tokens", "n_heads", "layer", "first"],
    workgroups: ({ num_tokens, n_heads, first }) => [num_tokens - first, n_heads],
  });

/** Width is that of a head. Constants: causal, head_dim. */
export const attentionWeights = { wide: define("wide"), narrow: define("narrow") };
