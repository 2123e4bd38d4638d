import wgsl from "../../shaders/attention/flash-decoding.wgsl?raw";
import combineWgsl from "../../shaders/attention/flash-decoding-combine.wgsl?raw";
import attention from "../../shaders/parts/attention.wgsl?raw";
import mcg31 from "../../shaders/parts/mcg31.wgsl?raw";
import splitLen from "../../shaders/parts/split-len.wgsl?raw";
import sumOverGroups from "../../shaders/parts/sum-over-groups.wgsl?raw";
import { defineKernel, gridOver } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";

const SPLIT_LEN = shaderConstant(splitLen, "split_len");
/** More keys than these are split: two rounds take less time than a second dispatch that combines. */
export const MAX_UNSPLIT = 128;

/** Splits for a cache of this capacity. A grid is recorded once for all lengths: a split without a key ends at once. */
export const splitsFor = (capacity: number): number =>
  capacity <= MAX_UNSPLIT ? 1 : Math.ceil(capacity / SPLIT_LEN);

/** Attention of one query a row, split over its keys; with one split this is the result. Constants: causal. */
export const flashDecoding = defineKernel({
  label: "flash-decoding",
  wgsl: [mcg31, attention, splitLen, sumOverGroups, wgsl].join("\n"),
  bindings: ["q", "k", "v", "cache_len", "partials", "stats"],
  dims: [
    "batch",
    "num_tokens",
    "n_heads",
    "head_dim",
    "capacity",
    "dropout_seed",
    "keep_threshold",
    "keep_prob_bits",
  ],
  fixed: ["n_heads", "head_dim"],
  workgroups: ({ batch, n_heads, capacity }) => [splitsFor(capacity), n_heads, batch],
});

/** The second pass over more than one split. */
export const flashDecodingCombine = defineKernel({
  label: "flash-decoding-combine",
  wgsl: [splitLen, combineWgsl].join("\n"),
  bindings: ["partials", "stats", "cache_len", "y"],
  dims: ["num_rows", "n_heads", "head_dim", "splits"],
  workgroups: ({ num_rows, n_heads, head_dim }) =>
    gridOver(num_rows * n_heads * head_dim, shaderConstant(combineWgsl, "threads")),
});
