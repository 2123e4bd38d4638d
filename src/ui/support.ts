import { NextTokenError } from "../next-token-error.ts";

/** What this browser lacks that can be seen without asking the GPU for anything. */
export function missingSupport(): NextTokenError | undefined {
  if (!globalThis.isSecureContext) {
    return new NextTokenError(
      "insecure-context",
      "Browsers offer the GPU only to secure pages. Open this page over https, or from localhost.",
    );
  }
  if (!navigator.gpu) {
    return new NextTokenError(
      "no-webgpu",
      "This browser has no WebGPU. Use a current Chrome, Edge, Safari or Firefox, and update it if it is one of these.",
    );
  }
  return undefined;
}
