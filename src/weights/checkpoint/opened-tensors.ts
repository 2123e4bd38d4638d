import type { TensorReader } from "./byte-source.ts";
import type { TensorEntry } from "./safetensors/header.ts";

/** The tensors of a checkpoint, and how to read their bytes. */
export interface OpenedTensors {
  /** `begin` and `end` of each count the bytes of `reader`. */
  readonly tensors: readonly TensorEntry[];
  /** How many bytes `reader` has. */
  readonly bytes: number;
  /** Sentences to show. */
  readonly notes: readonly string[];
  /** Begins a pass over the bytes. */
  reader(signal?: AbortSignal): TensorReader;
}
