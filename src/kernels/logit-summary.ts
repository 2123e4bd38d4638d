import blocks from "../../shaders/parts/logit-blocks.wgsl?raw";
import momentsWgsl from "../../shaders/sampling/logit-moments.wgsl?raw";
import summaryWgsl from "../../shaders/sampling/logit-summary.wgsl?raw";
import { defineKernel, type Grid } from "../gpu/kernel.ts";
import { shaderConstant } from "./shader-constant.ts";

/** Counts in a summary, and the numbers in front of them. */
export const BINS = shaderConstant(blocks, "BINS");
const NUMBERS = shaderConstant(blocks, "NUMBERS");
export const SUMMARY_WORDS = NUMBERS + BINS;

const BLOCK = shaderConstant(blocks, "LOGITS") * shaderConstant(blocks, "threads");
/** Blocks of a vocabulary, one a workgroup. */
const blocksOf = (vocab_size: number): number => Math.ceil(vocab_size / BLOCK);
/** Values of a row's moments. */
export const momentsOf = (vocab_size: number): number => 4 * blocksOf(vocab_size);

type RowDims = { num_rows: number; vocab_size: number };
const workgroups = ({ num_rows, vocab_size }: RowDims): Grid => [blocksOf(vocab_size), num_rows];

/** The first of two kernels that summarize rows of logits. */
export const logitMoments = defineKernel({
  label: "logit-moments",
  wgsl: [blocks, momentsWgsl].join("\n"),
  bindings: ["logits", "moments", "summary"],
  dims: ["num_rows", "vocab_size"],
  workgroups,
});

/** The second. */
export const logitSummary = defineKernel({
  label: "logit-summary",
  wgsl: [blocks, summaryWgsl].join("\n"),
  bindings: ["logits", "moments", "summary"],
  dims: ["num_rows", "vocab_size"],
  workgroups,
});
