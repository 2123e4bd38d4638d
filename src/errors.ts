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
  | "no-webassembly"
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

/** What can be missing before a GPU is asked for: the page sees it without the model's code, the model for itself. */
export const insecureContext = (): NextTokenError =>
  new NextTokenError(
    "insecure-context",
    "Browsers offer the GPU only to secure pages. Open this page over https, or from localhost.",
  );

export const noWebGpu = (): NextTokenError =>
  new NextTokenError(
    "no-webgpu",
    "This browser has no WebGPU. Use a current Chrome, Edge, Safari or Firefox, and update it if it is one of these.",
  );
