import type { Mask } from "../config.ts";
import type { Device } from "../device/device.ts";
import type { DeviceBuffer } from "../device/device-buffer.ts";
import type { Recording } from "../device/recording.ts";
import type { TunedKernels } from "../kernels/autotune/tuned-kernels.ts";
import type { DropoutMasks } from "./dropout-masks.ts";
import type { KVCache } from "./kv-cache.ts";
import type { Workspace } from "./workspace.ts";

/** What one forward pass over [batch, num_tokens] tokens carries from module to module. */
export interface Pass {
  readonly device: Device;
  /** Where the modules write their dispatches. */
  readonly recording: Recording;
  readonly workspace: Workspace;
  readonly cache: KVCache;
  readonly batch: number;
  readonly num_tokens: number;
  readonly mask: Mask;
  /** Which kernels suit the adapter. */
  readonly kernels: TunedKernels;
  /** Heads that are taken away, by layer; absent where none is, and then nothing is recorded for it. */
  readonly ablated?: AblatedHeads | undefined;
  /** Present in training mode only. */
  readonly dropout?: DropoutMasks | undefined;
  /** Present in `inspect` only: any other pass records, allocates and computes nothing for it. */
  readonly inspector?: Inspector | undefined;
}

/** For each layer that lacks any: the heads whose share of context_vec is zero, each once. */
export type AblatedHeads = ReadonlyMap<number, ReadonlySet<number>>;

/** Is called by the modules with their activations: it may add dispatches of its own, which copy them, to the recording. */
export interface Inspector {
  /** The residual stream x [batch, num_tokens, emb_dim] after `layer` blocks; 0 is after the embedding. */
  residual(pass: Pass, x: DeviceBuffer, layer: number): void;
  /** workspace.q and the cache's k of `layer` are those that attention is computed from. */
  attention(pass: Pass, layer: number): void;
}

/** Tokens of the whole batch: the rows of every activation. */
export const rowsOf = ({ batch, num_tokens }: Pass): number => batch * num_tokens;

/** Some rows of an activation: `rows` of them, from `first` on and `stride` apart. */
export interface Rows {
  rows: number;
  first: number;
  stride: number;
}

/** What a module returns: a buffer of [rows, features], perhaps with a LayerNorm that the next Linear's prologue computes. */
export interface Activation {
  readonly buffer: DeviceBuffer;
  readonly norm?: { readonly scale: DeviceBuffer; readonly shift: DeviceBuffer };
}
