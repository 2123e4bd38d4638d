import type { GPTConfig } from "../config.ts";

/** A few whole rows of one tensor. */
export interface WeightChunk {
  /** The tensor, named as in `parameters(config)`. */
  readonly name: string;
  /** The shape of the whole tensor, not of this chunk. */
  readonly shape: readonly number[];
  /** Index of the chunk's first value in the tensor, row-major. */
  readonly offset: number;
  /** The values: whole rows, at most 4 MiB. Valid until the next chunk is asked for, which reuses the memory. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** Where a model's weights come from. */
export interface WeightSource {
  readonly config: GPTConfig;
  /** Whether the head is the token embedding: then "out_head.weight" gets no chunks. */
  readonly tied?: boolean;
  /** Whether the source itself reports its progress, in bytes of its file: then its chunks are not counted again. */
  readonly tellsProgress?: boolean;
  /** Bytes that all chunks together hold. */
  readonly totalBytes: number;
  /**
   * Every value of every parameter exactly once, chunk by chunk, in any order of tensors and rows. The source continues only
   * when the next chunk is asked for, so memory does not accumulate before a slow consumer. Leaving the loop early
   * stops the work; so does `signal`, with a `NextTokenError("aborted")`.
   */
  chunks(signal?: AbortSignal): AsyncIterable<WeightChunk>;
  /** Closes what the source has opened for `chunks`, where nobody will ask for them. */
  close?(): Promise<void>;
}

/** The most bytes one chunk may have. */
export const MAX_CHUNK_BYTES = 4 * 1024 * 1024;
