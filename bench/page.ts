import { climbAll } from "./ladder/ladders.ts";
import type { LadderSubject, LaddersResult } from "./ladder/result.ts";
import { bench } from "./measure/bench.ts";
import type { BenchOptions, BenchResult } from "./measure/result.ts";

declare global {
  interface Window {
    /** Runs the benchmark, or a share of it: `__bench({ only: ["decode"] })`. */
    __bench: (options?: BenchOptions) => Promise<BenchResult>;
    /** Climbs the ladders of docs/speed.md. */
    __ladder: (about?: readonly LadderSubject[]) => Promise<LaddersResult>;
  }
}

window.__bench = (options) => bench(options, (what) => console.info(what));
window.__ladder = (about) => climbAll(about, (what) => console.info(what));
