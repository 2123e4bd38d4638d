import type { GPTConfig } from "../config.ts";
import { NextTokenError } from "../errors.ts";

/** Throws unless `count` is a whole number of tokens, zero or more. */
export function checkMaxNewTokens(count: number): void {
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new NextTokenError(
      "bad-max-new-tokens",
      `max_new_tokens is ${count}; it must be a whole number, zero or more.`,
    );
  }
}

/** Throws unless the model can look at `size` tokens at once. */
export function checkContextSize(size: number, { context_length }: GPTConfig): void {
  if (!Number.isSafeInteger(size) || size < 1 || size > context_length) {
    throw new NextTokenError(
      "bad-context-size",
      `context_size is ${size}; this model takes a whole number from 1 to ${context_length}.`,
    );
  }
}

/** Throws unless `k` candidates can be reported. */
export function checkTopK(k: number): void {
  if (!Number.isSafeInteger(k) || k < 0) {
    throw new NextTokenError("bad-option", `topK is ${k}; it must be a whole number, zero or more.`);
  }
}
