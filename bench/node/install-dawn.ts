import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dawnBinary } from "./dawn-files.ts";

interface Dawn {
  /** `options`: Dawn's toggles and choice of backend, as the README of the `webgpu` package lists them. */
  create(options: readonly string[]): GPU;
  globals: Record<string, unknown>;
}

/**
 * Gives Node what the engine expects of a browser: `navigator.gpu` and WebGPU's global names. Call it before the engine
 * is imported.
 */
export function installDawn(): void {
  const { create, globals } = createRequire(import.meta.url)(dawnBinary()) as Dawn;
  Object.assign(globalThis, globals);
  // Browsers round the GPU's clock so that no page can spy with it; in Node there is no page.
  const device = create(["disable-dawn-features=timestamp_quantization"]);
  // Dawn lives as long as this object. If it were collected, threads that compile pipelines would crash the process.
  Object.defineProperty(globalThis, "navigator", {
    value: { device, hardwareConcurrency: availableParallelism() },
  });
}
