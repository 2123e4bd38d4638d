import type { HeadOfLayer } from "../config.ts";
import { sourceFor } from "../device/kernel.ts";
import type { DispatchInfo, Recording } from "../device/recording.ts";
import { NextTokenError } from "../errors.ts";
import { activationBytes, bytesRead, wholeWeights } from "../kernels/bytes.ts";
import { ablatedHeads } from "../runtime/check-ablate.ts";
import { checkContext } from "../runtime/check-idx.ts";
import type { ModelHandle } from "../runtime/model-handle.ts";
import { moduleNames } from "../runtime/module-name.ts";
import { bandwidth } from "./bandwidth.ts";
import { checkTopK } from "./check-options.ts";

/** A step is run again until it took this long, so that a clock's steps matter less. */
const LONG_ENOUGH_MS = 150;
const MAX_RUNS = 50;

export interface ProfileOptions {
  /** Look at the step with the KV cache (default), or at the one that reads the whole context. */
  kvCache?: boolean;
  /** Candidates that the step reports. Default 10, as `generate`. */
  topK?: number;
  /** Heads to take away, as `generate`. */
  ablate?: readonly HeadOfLayer[] | undefined;
  /** Stops before the next measurement, with a `NextTokenError("aborted")`. */
  signal?: AbortSignal | undefined;
}

/** One kernel that was started in the step. */
export interface ProfiledDispatch {
  /** The kernel's name. */
  readonly kernel: string;
  /** The module that started it, "trf_blocks.3.ff.layers.0"; undefined for what comes after the model. */
  readonly module: string | undefined;
  readonly workgroups: readonly [number, number, number];
  /** Sizes, such as num_rows and emb_dim. */
  readonly dims: Readonly<Record<string, number>>;
  /** What the shader's `override` constants were set to. */
  readonly constants: Readonly<Record<string, number>>;
  /** The very shader that ran; where the processor computes, the one that would have. */
  readonly wgsl: string;
  /** The function of `assembly/` that ran in its place, where the processor computes. */
  readonly counterpart: string | undefined;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Undefined where the GPU has no clock to ask. */
  readonly microseconds: number | undefined;
  /** Bytes over time, 10^9 a second; undefined where the time is too short for the clock. */
  readonly gbPerSecond: number | undefined;
}

/** What the GPU does for one token. */
export interface StepProfile {
  /** What the times of the dispatches come from: with "wall-clock" there is only that of the whole step. */
  readonly timing: "timestamp-query" | "processor-clock" | "wall-clock";
  /** In the order in which they ran. */
  readonly dispatches: readonly ProfiledDispatch[];
  /** Wall time of the whole step on the GPU, from submission to completion. */
  readonly milliseconds: number;
  /** How many steps the times are the mean of. */
  readonly runs: number;
  /** Tokens of a row that the step looks at, and those of them that it computes. */
  readonly context: number;
  readonly computed: number;
  /** GB/s of a kernel that only reads; a step may be faster. Undefined for a model that is too small to tell. */
  readonly bandwidth: number | undefined;
  /** As the driver calls it. */
  readonly adapter: string;
}

/**
 * Runs and measures the step that chooses the token after `idx` [B, T]: the recording that `generate` would run, first
 * as it is and then with one compute pass a dispatch, so that each can be timed.
 * Throws `ragged-batch`, `empty-row`, `id-out-of-range`, `too-many-tokens`, `bad-option`, `aborted`, `destroyed`,
 * `out-of-memory`, `limits-too-small`, `device-lost`.
 */
export async function profileStep(
  model: ModelHandle,
  idx: readonly (readonly number[])[],
  { kvCache = true, topK = 10, ablate, signal }: ProfileOptions = {},
): Promise<StepProfile> {
  model.check();
  checkContext(idx, model.config);
  checkTopK(topK);
  const ablated = ablatedHeads(ablate, model.config);
  const context = idx[0]!.length;
  /** Throws, before each measurement, where the caller has aborted or the model, whose weights it reads, is destroyed. */
  const check = () => {
    if (signal?.aborted) throw new NextTokenError("aborted", "Looking at the GPU was stopped.");
    model.check();
  };
  check();
  const cached = kvCache && model.mask === "causal" && context > 1;
  const { device } = model;
  const decoding = await model.startDecoding({ batch: idx.length, capacity: context, topK, ablated });
  try {
    if (cached) {
      await decoding.prefill(idx.map((row) => row.slice(0, -1)));
      await decoding.next(idx.map((row) => row.at(-1)!));
    } else {
      await decoding.prefill(idx);
    }
    const recording: Recording = cached ? decoding.decodeRecording : decoding.prefillRecording;
    check();
    // cache_len does not change between runs, so every run below does the same work again.
    const warm = await recording.time(1);
    const runs = Math.min(MAX_RUNS, Math.max(1, Math.round(LONG_ENOUGH_MS / warm)));
    check();
    const milliseconds = await recording.time(runs);
    check();
    const times = await recording.timeDispatches(runs);
    check();
    const step = recording.dispatches;
    const onProcessor = model.adapter.kind === "cpu";
    const modules = moduleNames(step);
    return {
      timing: !times ? "wall-clock" : onProcessor ? "processor-clock" : "timestamp-query",
      dispatches: step.map((dispatch, i) => ({
        ...profiled(dispatch, modules[i], context, times?.[i]),
        counterpart: onProcessor ? dispatch.kernel.cpu?.name : undefined,
      })),
      milliseconds,
      runs,
      context,
      computed: cached ? 1 : context,
      bandwidth: await bandwidth(device, step.flatMap(wholeWeights), check),
      adapter: model.adapter.name,
    };
  } finally {
    await decoding.destroy();
  }
}

function profiled(
  dispatch: DispatchInfo,
  module: string | undefined,
  kv_len: number,
  microseconds: number | undefined,
): Omit<ProfiledDispatch, "counterpart"> {
  const { kernel, workgroups, dims, constants } = dispatch;
  const { read, written } = activationBytes(dispatch);
  const bytes = { bytesRead: bytesRead([dispatch], kv_len) + read, bytesWritten: written };
  const total = bytes.bytesRead + bytes.bytesWritten;
  return {
    kernel: kernel.label,
    module,
    workgroups,
    dims,
    constants,
    wgsl: sourceFor(kernel, dims),
    ...bytes,
    microseconds,
    gbPerSecond: microseconds ? total / microseconds / 1000 : undefined,
  };
}
