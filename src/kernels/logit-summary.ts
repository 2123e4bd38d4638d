import blocks from "../../shaders/parts/logit-blocks.wgsl?raw";
import momentsWgsl from "../../shaders/sampling/logit-moments.wgsl?raw";
import summaryWgsl from "../../shaders/sampling/logit-summary.wgsl?raw";
import { defineKernel, type Grid } from "../device/kernel.ts";
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
const parts = ({ num_rows }: RowDims) => num_rows;
const workgroups = ({ num_rows, vocab_size }: RowDims): Grid => [blocksOf(vocab_size), num_rows];

/** The first of two kernels that summarize rows of logits. */
export const logitMoments = defineKernel({
  label: "logit-moments",
  wgsl: [blocks, momentsWgsl].join("\n"),
  bindings: ["logits", "moments", "summary"],
  dims: ["num_rows", "vocab_size"],
  cpu: { name: "logitMoments", parts },
  workgroups,
});

/** The second. */
export const logitSummary = defineKernel({
  label: "logit-summary",
  wgsl: [blocks, summaryWgsl].join("\n"),
  bindings: ["logits", "moments", "summary"],
  dims: ["num_rows", "vocab_size"],
  cpu: { name: "logitSummary", parts },
  workgroups,
});

/** What a row of logits looks like. */
export interface LogitSummary {
  readonly min: number;
  readonly max: number;
  /** How many logits lie in each of 48 equal parts of [min, max]. */
  readonly bins: readonly number[];
  /** Of the softmax, in bits: the number of yes-or-no questions that the choice is worth. */
  readonly entropy: number;
  /** ln of the sum of e^logit: what a logit is lowered by to become the logarithm of its probability. */
  readonly logSumExp: number;
}

/** The summaries of so many rows, from what the logit-summary kernel wrote: [num_rows, SUMMARY_WORDS] from word `first` on. */
export function readSummaries(bytes: ArrayBuffer, first: number, num_rows: number): LogitSummary[] {
  return Array.from({ length: num_rows }, (_, row) => {
    const at = 4 * (first + (row + 1) * SUMMARY_WORDS - BINS); // where the counts begin
    const [min, max, lnSum, entropy] = new Float32Array(bytes, at - 16, 4) as unknown as Numbers;
    return { min, max, bins: [...new Uint32Array(bytes, at, BINS)], entropy, logSumExp: max + lnSum };
  });
}

type Numbers = [min: number, max: number, lnSum: number, entropy: number];
