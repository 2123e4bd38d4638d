import wgsl from "../../shaders/causal-attention.wgsl?raw";
import mcg31 from "../../shaders/stages/mcg31.wgsl?raw";
import { defineKernel } from "../gpu/kernel.ts";
import { chunkStage, type Width } from "./chunk.ts";

const define = (width: Width) =>
  defineKernel({
    label: `causal-attention (${width})`,
    wgsl: [chunkStage(width), mcg31, wgsl].join("\n"),
    bindings: ["q", "k", "v", "past", "y"],
    dims: ["batch", "num_tokens", "n_heads", "capacity", "dropout_seed", "keep_below", "keep_bits"],
    workgroups: ({ batch, num_tokens, n_heads }) => [num_tokens, n_heads, batch],
  });

/** Width is that of a head. Constants: causal, dropout, head_dim. */
export const causalAttention = { wide: define("wide"), narrow: define("narrow") };
