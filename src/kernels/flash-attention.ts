import wgsl from "../../shaders/attention/flash-attention.wgsl?raw";
import quadWgsl from "../../shaders/attention/flash-attention-quad.wgsl?raw";
import tileWgsl from "../../shaders/attention/flash-attention-tile.wgsl?raw";
import attention from "../../shaders/parts/attention.wgsl?raw";
import kvTile from "../../shaders/parts/kv-tile.wgsl?raw";
import mcg31 from "../../shaders/parts/mcg31.wgsl?raw";
import onlineSoftmaxQuad from "../../shaders/parts/online-softmax-quad.wgsl?raw";
import quad from "../../shaders/parts/quad.wgsl?raw";
import { defineKernel } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";
import { type VecWidth, vecPart } from "./vec.ts";

const bindings = ["q", "k", "v", "cache_len", "y"] as const;
const dims = [
  "batch",
  "num_tokens",
  "n_heads",
  "head_dim",
  "capacity",
  "dropout_seed",
  "keep_threshold",
  "keep_prob_bits",
] as const;
/** The shape of a token's queries, keys and values. */
const fixed = ["n_heads", "head_dim"] as const;

/** Of any number of queries. */
const cpu = {
  name: "attention",
  constants: ["causal", "dropout"],
  // Two numbers a head, for a single query.
  scratchBytes: ({ batch, n_heads }: { batch: number; n_heads: number }) => 8 * batch * n_heads,
  parts: ({ batch, n_heads }: { batch: number; n_heads: number }) => batch * n_heads,
};

/** One workgroup for each query and head, with barriers: for graphics cards. */
const workgroupKernel = (width: VecWidth) =>
  defineKernel({
    label: `flash-attention (${width})`,
    wgsl: [vecPart(width), mcg31, attention, wgsl].join("\n"),
    bindings,
    dims,
    fixed,
    cpu,
    workgroups: ({ batch, num_tokens, n_heads }) => [num_tokens, n_heads, batch],
  });

const QUERIES = shaderConstant(quadWgsl, "QUERIES");

/** One quad for each four queries of a head, without a barrier: for software adapters. Needs the feature "subgroups". */
const quadKernel = (width: VecWidth) =>
  defineKernel({
    label: `flash-attention-quad (${width})`,
    wgsl: ["enable subgroups;", vecPart(width), mcg31, attention, quad, onlineSoftmaxQuad, quadWgsl].join(
      "\n",
    ),
    bindings,
    dims,
    fixed,
    cpu,
    workgroups: ({ batch, num_tokens, n_heads }) => [Math.ceil(num_tokens / QUERIES), n_heads, batch],
  });

/** By variant, then by the vec width of a head. Constants: causal, dropout. */
export const flashAttention = {
  workgroup: { vec4: workgroupKernel("vec4"), scalar: workgroupKernel("scalar") },
  quad: { vec4: quadKernel("vec4"), scalar: quadKernel("scalar") },
};

const TILE_QUERIES = shaderConstant(tileWgsl, "queries");

/** Many queries of a head a workgroup, which share tiles of keys and values. Constants: causal. */
export const flashAttentionTile = defineKernel({
  label: "flash-attention-tile",
  wgsl: [mcg31, attention, kvTile, tileWgsl].join("\n"),
  bindings,
  dims,
  fixed,
  cpu,
  workgroups: ({ batch, num_tokens, n_heads }) => [Math.ceil(num_tokens / TILE_QUERIES), n_heads, batch],
});

/** Whether flash-attention-tile and flash-decoding can do heads of this size: those of every GPT-2, 64, among them. */
export const fitsTiles = (head_dim: number): boolean => head_dim % 8 === 0 && head_dim <= 64;

/**
 * Variants of attention. "tile" is for graphics cards: flash-attention-tile for several queries and flash-decoding for one;
 * where a head does not fit, or weights are dropped out, it does as "workgroup".
 */
export type AttentionVariant = keyof typeof flashAttention | "tile";
export const attentionVariants: readonly AttentionVariant[] = ["workgroup", "quad", "tile"];
