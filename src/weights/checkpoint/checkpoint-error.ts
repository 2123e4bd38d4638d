import { NextTokenError } from "../../errors.ts";

/** Stable names of the rules a checkpoint can break. Tests switch on them; the sentence is for people. */
export type CheckpointRule =
  // what kind of file it is
  | "html-page"
  | "lfs-pointer"
  | "not-safetensors"
  | "gzip-broken"
  | "gzip-too-large"
  // the safetensors header
  | "file-too-short"
  | "header-empty"
  | "header-too-large"
  | "header-past-end"
  | "header-not-utf8"
  | "header-not-object"
  | "json-syntax"
  | "json-trailing"
  | "duplicate-key"
  | "bad-name"
  | "bad-metadata"
  | "entry-not-object"
  | "unknown-field"
  | "missing-field"
  | "dtype-unknown"
  | "bad-shape"
  | "too-many-dims"
  | "size-overflow"
  | "bad-offsets"
  | "offsets-reversed"
  | "offsets-past-end"
  | "offsets-overlap"
  | "offsets-hole"
  | "size-mismatch"
  | "data-left-over"
  // the ZIP and the pickle of torch.save
  | "zip-cut"
  | "zip-directory"
  | "zip-overlap"
  | "zip-compressed"
  | "zip-entry"
  | "big-endian"
  | "pickle-too-large"
  | "pickle-syntax"
  | "pickle-opcode"
  | "pickle-code"
  | "no-tensors"
  | "storage-missing"
  | "strides"
  // the GPT-2 layout
  | "not-gpt2"
  | "missing-tensor"
  | "extra-tensor"
  | "wrong-shape"
  | "linear-layout"
  | "dtype-unsupported"
  | "heads-unknown"
  | "config-mismatch"
  | "config-unsupported"
  // the bytes
  | "not-finite"
  | "file-cut"
  | "sha256-mismatch"
  | "file-changed";

/** A checkpoint that cannot be used: `rule` says which promise it breaks, `tensor` where, by its name in the file. */
export class CheckpointError extends NextTokenError {
  readonly rule: CheckpointRule;
  readonly tensor: string | undefined;

  constructor(
    rule: CheckpointRule,
    message: string,
    options?: ErrorOptions & { tensor?: string | undefined },
  ) {
    super("bad-checkpoint", message, options);
    this.rule = rule;
    this.tensor = options?.tensor;
  }
}

/** A name out of a file, fit to stand in a sentence: quoted, control characters visible, never longer than a line. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}
