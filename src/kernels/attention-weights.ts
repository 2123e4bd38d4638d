import wgsl from "../../shaders/attention/attention-weights.wgsl?raw";
import { defineKernel } from "../device/kernel.ts";
import { type VecWidth, vecPart } from "./vec.ts";

const define = (width: VecWidth) =>
  defineKernel({
    label: `attention-weights (${width})`,
    wgsl: [vecPart(width), wgsl].join("\n"),
    bindings: ["q", "k", "weights"],
    dims: ["num_tokens", "n_heads", "layer", "first"],
    cpu: {
      name: "attentionWeights",
      constants: ["causal", "head_dim"],
      parts: ({ num_tokens, n_heads, first }) => n_heads * (num_tokens - first),
    },
    workgroups: ({ num_tokens, n_heads, first }) => [num_tokens - first, n_heads],
  });

/** By the vec width of a head. Constants: causal, head_dim. */
export const attentionWeights = { vec4: define("vec4"), scalar: define("scalar") };
