import type { DeviceChoice } from "../../config.ts";
import { insecureContext, type NextTokenError, noWebGpu } from "../../errors.ts";

/** What this browser lacks to compute a model, as far as that can be seen without asking it for anything. */
export function missingSupport(device: DeviceChoice): NextTokenError | undefined {
  if (device !== "gpu" && typeof WebAssembly !== "undefined") return undefined;
  if (!globalThis.isSecureContext) return insecureContext();
  return navigator.gpu ? undefined : noWebGpu();
}
