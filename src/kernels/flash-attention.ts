import wgsl from "../../shaders/attention/flash-attention.wgsl?raw";
import byQuadsWgsl from "../../shaders/attention/flash-attention-quad.wgsl?raw";
import mcg31 from "../../shaders/parts/mcg31.wgsl?raw";
import quads from "../../shaders/parts/quad.wgsl?raw";
import { defineKernel } from "../gpu/kernel.ts";
import { chunkStage, type Width } from "./vec.ts";

const bindings = ["q", "k", "v", "past", "y"] as const;
const dims = [
  "batch",
  "num_tokens",
  "n_heads",
  "head_dim",
  "capacity",
  "dropout_seed",
  "keep_below",
  "keep_bits",
] as const;
/** The shape of a token's queries, keys and values. */
const fixed = ["n_heads", "head_dim"] as const;

/** A workgroup a query and head, which meets at barriers: for graphics cards. */
const byWorkgroup = (width: Width) =>
  defineKernel({
    label: `causal-attention (${width})`,
    wgsl: [chunkStage(width), mcg31, wgsl].join("\n"),
    bindings,
    dims,
    fixed,
    workgroups: ({ batch, num_tokens, n_heads }) => [num_tokens, n_heads, batch],
  });

/** Four threads for four queries of a head, without a barrier. Needs the feature "subgroups". */
const byQuads = (width: Width) =>
  defineKernel({
    label: `causal-attention-by-quads (${width})`,
    wgsl: ["enable subgroups;", chunkStage(width), mcg31, quads, byQuadsWgsl].join("\n"),
    bindings,
    dims,
    fixed,
    workgroups: ({ batch, num_tokens, n_heads }) => [Math.ceil(num_tokens / 4), n_heads, batch],
  });

/** Width is that of a head. Constants: causal, dropout. */
export const causalAttention = {
  byWorkgroup: { wide: byWorkgroup("wide"), narrow: byWorkgroup("narrow") },
  byQuads: { wide: byQuads("wide"), narrow: byQuads("narrow") },
};

export type AttentionShape = keyof typeof causalAttention;
export const attentionShapes = Object.keys(causalAttention) as AttentionShape[];
