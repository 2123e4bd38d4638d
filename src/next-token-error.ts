/** Stable names of everything that can go wrong; the page and its tests switch on them, never on sentences. */
export type NextTokenErrorCode =
  // the browser and its GPU
  | "insecure-context"
  | "no-webgpu"
  | "no-adapter"
  | "limits-too-small"
  | "out-of-memory"
  | "device-lost"
  | "gpu-error"
  | "known-answer-failed"
  // what the caller gave
  | "bad-seed"
  | "bad-config"
  | "bad-mask"
  | "id-out-of-range"
  | "ragged-batch"
  | "empty-row"
  | "too-many-tokens"
  | "bad-max-new-tokens"
  | "bad-context-size"
  | "bad-option"
  | "text-too-long"
  | "tokenizer-not-loaded"
  | "destroyed"
  | "aborted"
  // a checkpoint
  | "bad-checkpoint"
  | "host-not-allowed"
  | "download-failed"
  | "file-unreadable"
  // anything else that the page caught
  | "unexpected";

/**
 * Every failure of the public API.
 * `code` is stable; `message` is one or two plain sentences: what happened, and what to do next.
 */
export class NextTokenError extends Error {
  override readonly name = "NextTokenError";
  readonly code: NextTokenErrorCode;

  constructor(code: NextTokenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
