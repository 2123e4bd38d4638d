import { bench } from "./measure/bench.ts";
import type { BenchOptions, BenchResult } from "./measure/result.ts";

declare global {
  interface Window {
    /** Runs the benchmark, or a share of it: `__bench({ only: ["decode"] })`. */
    __bench: (options?: BenchOptions) => Promise<BenchResult>;
  }
}

window.__bench = (options) => bench(options, (what) => console.info(what));
