import { climbAll } from "./ladder/ladders.ts";
import type { LaddersResult } from "./ladder/result.ts";
import { bench } from "./measure/bench.ts";
import type { BenchOptions, BenchResult } from "./measure/result.ts";

declare global {
  interface Window {
    /** Runs the benchmark, or a share of it: `__bench({ only: ["decode"] })`. */
    __bench: (options?: BenchOptions) => Promise<BenchResult>;
    /** Climbs the ladders of docs/speed.md. */
    __ladder: () => Promise<LaddersResult>;
  }
}

window.__bench = (options) => bench(options, (what) => console.info(what));
window.__ladder = () => climbAll((what) => console.info(what));
