import type { GPTConfig } from "../../src/index.ts";
import type { TunedKernels } from "../../src/kernels/autotune/tuned-kernels.ts";
import type { Precision } from "../../src/kernels/weight-format.ts";
import type { Agreement } from "./agreement.ts";
import type { Summary } from "./statistics.ts";

/** The parts of a benchmark run that can be asked for alone. The model is built and its ids are checked in any case. */
export const sections = [
  "decode",
  "batch",
  "kernels",
  "streaming",
  "prefill",
  "prefill-kernels",
  "overhead",
  "unmasked",
  "agreement",
] as const;
export type Section = (typeof sections)[number];

/** A model and its known continuation: a model that generates other ids is not timed. */
export interface Fixture {
  seed: number;
  config: GPTConfig;
  /** [1, T] */
  prompt: number[][];
  /** The ids that greedy decoding appends to the prompt. */
  ids: number[];
  /** The same without a mask, as the notebook is printed; where they are known. */
  unmasked?: number[];
  /** Prompt and all ids that are known to follow, [1, T]: the text on which precisions are compared. */
  text: number[][];
}

export interface BenchOptions {
  /** Who computes; the processor in as many threads as the page may share memory with. */
  device?: "gpu" | "cpu" | undefined;
  /** Sections to run; all by default. */
  only?: readonly Section[];
  /** How the weights are stored on the GPU. Default: f32. */
  precision?: Precision;
  /** Default: the notebook's 124M model. */
  fixture?: Fixture;
}

/** One kernel of a decode step or a prefill, for one shape of weights. */
export interface KernelRow {
  /** Its label, and [in -> out] for a product. */
  kernel: string;
  /** How often the step needs it. */
  dispatches: number;
  /** All of these together, ms. */
  ms: number;
  /** What they read of weights and KV cache. */
  bytes: number;
  gb_per_s: number;
}

/** What work costs that computes nothing. */
export interface Overhead {
  /** A dispatch that waits for the one before it in its pass. */
  dispatch_ms: number;
  /** Submissions of so many such dispatches: until JavaScript has them submitted, and until it hears that they are done. */
  submissions: { dispatches: number; encode_ms: number; done_ms: number }[];
}

/** A decode step of so many rows side by side: milliseconds. */
export interface BatchRow extends Summary {
  rows: number;
}

/** One way to stream the weights, and how fast it was. */
export interface StreamingRow {
  kernel: string;
  gb_per_s: number;
}

/**
 * What `__bench()` resolves to. Times are milliseconds, medians where there is more than one (`samples` says how many);
 * null where it was not asked for, does not fit the model's context, or the ids were wrong.
 */
export interface BenchResult {
  /** Whether the model generated the fixture's ids. If not, nothing was timed. */
  ids_ok: boolean;
  ids: number[];
  adapter: string;
  vendor: string;
  architecture: string;
  is_software: boolean;
  precision: Precision;
  /** Of the device: what it was opened with. */
  features: string[];
  /** Threads in a subgroup, the smallest and the largest that the adapter may take; null where it does not say. */
  subgroup_sizes: [number, number] | null;
  /** The variants that the adapter chose. */
  variants: TunedKernels;

  /** From the call on a fresh page to a model that can generate: device, self-test, weights. */
  load_ms: number;
  /** Of that, until the device is open; and from then until the kernels are tuned, while the weights load. */
  device_ms: number;
  choice_ms: number;
  /** The first token after that, including the compilation of its pipelines. */
  first_token_ms: number | null;
  /** Bytes of GPU memory that the model holds, with its cache and activations. */
  gpu_bytes: number | null;

  prefill4_ms: number | null;
  prefill64_ms: number | null;
  prefill512_ms: number | null;
  prefill1024_ms: number | null;

  /** At a context of 16 tokens. */
  decode_ms_per_token: number | null;
  decode256_ms_per_token: number | null;
  decode1000_ms_per_token: number | null;
  /** Candidates read back with every token. */
  top_k: number;
  dispatches_per_token: number | null;
  /** Read from weights and KV cache, at a context of 16 tokens. */
  bytes_per_token: number | null;
  bytes256_per_token: number | null;
  bytes1000_per_token: number | null;
  /** bytes_per_token over decode_ms_per_token. */
  decode_gb_per_s: number | null;

  /** The roofline: how fast the adapter can read the same weights, by the best of the ways tried. */
  streaming_gb_per_s: number | null;
  /** decode_gb_per_s over streaming_gb_per_s. */
  share_of_streaming: number | null;
  streaming: StreamingRow[];

  /** Steps of several rows, at a context of 16 tokens. */
  batch: BatchRow[];

  /** Packed weights beside f32 ones, over the fixture's text; null in f32. */
  agreement: Agreement | null;

  kernels: KernelRow[];
  /** Those whose work grows with the context, at 1000 tokens. */
  kernels1000: KernelRow[];
  /** The whole decode step as one pass on the GPU, nothing read back: at contexts of 16 and 1000 tokens. */
  step_gpu_ms: number | null;
  step1000_gpu_ms: number | null;
  /** Of a prefill of 512 tokens. */
  prefill_kernels: KernelRow[];
  /** How the kernels were timed. */
  kernels_timed_by: string | null;

  overhead: Overhead | null;

  /** Whether the model without a mask said what it must; null where it was not asked. */
  unmasked_ok: boolean | null;

  /** For each field in ms that was measured more than once. */
  samples: Record<string, Summary>;
}
