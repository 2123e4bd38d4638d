import bestOfThreads from "../../shaders/parts/best-of-threads.wgsl?raw";
import wgsl from "../../shaders/sampling/top-k.wgsl?raw";
import blocksWgsl from "../../shaders/sampling/top-k-blocks.wgsl?raw";
import mergeWgsl from "../../shaders/sampling/top-k-merge.wgsl?raw";
import { defineKernel } from "../device/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";

/** Words of a candidate in `top`: its id, and the bits of its logit and of its probability. */
export const CANDIDATE_WORDS = shaderConstant(bestOfThreads, "CANDIDATE_WORDS");

export const topK = defineKernel({
  label: "top-k",
  wgsl: [bestOfThreads, wgsl].join("\n"),
  bindings: ["logits", "top", "chosen"],
  dims: ["num_rows", "vocab_size", "k"],
  cpu: { name: "topK", parts: ({ num_rows }) => num_rows },
  workgroups: ({ num_rows }) => [num_rows],
});

const BLOCK = 4 * shaderConstant(bestOfThreads, "threads");
/** For more than these, the blocks' candidates are too many for one workgroup to merge sooner than it searches all logits. */
export const MAX_MERGED_K = 32;

/** Blocks of a vocabulary, each of which top-k-blocks gives to a workgroup. */
export const blocksOf = (vocab_size: number): number => Math.ceil(vocab_size / BLOCK);
/** Bytes of a block's candidates, by the number of them. */
export const blockBytes = (k: number): number => 8 * k;

/** The first of two kernels that together are top-k, for graphics cards: the best of each block. */
export const topKBlocks = defineKernel({
  label: "top-k-blocks",
  wgsl: [bestOfThreads, blocksWgsl].join("\n"),
  bindings: ["logits", "candidates", "sums"],
  dims: ["num_rows", "vocab_size", "k"],
  workgroups: ({ num_rows, vocab_size }) => [blocksOf(vocab_size), num_rows],
});

/** The second: the best of all blocks. */
export const topKMerge = defineKernel({
  label: "top-k-merge",
  wgsl: [bestOfThreads, mergeWgsl].join("\n"),
  bindings: ["candidates", "sums", "top", "chosen"],
  dims: ["num_rows", "vocab_size", "k", "num_blocks"],
  workgroups: ({ num_rows }) => [num_rows],
});
