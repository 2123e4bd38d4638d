import { insecureContext, type NextTokenError, noWebGpu } from "../../errors.ts";

/** What this browser lacks that can be seen without asking the GPU for anything. */
export function missingSupport(): NextTokenError | undefined {
  if (!globalThis.isSecureContext) return insecureContext();
  return navigator.gpu ? undefined : noWebGpu();
}
