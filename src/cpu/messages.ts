import type { Call } from "./call.ts";

/** Some bytes of a worker's memory. */
export interface Range {
  readonly address: number;
  readonly bytes: number;
}

/** What a worker needs to begin. */
export interface Setup {
  readonly module: WebAssembly.Module;
  /** Shared by all workers; where there is none, the worker has one of its own. */
  readonly memory: WebAssembly.Memory | undefined;
  /** Which of how many workers that share the work. The first is the leader. */
  readonly index: number;
  readonly count: number;
}

/** To every worker, which does them in the order in which they come. */
export type SharedCommand =
  | { readonly do: "record"; readonly program: number; readonly calls: readonly Call[] }
  | { readonly do: "forget"; readonly program: number }
  /** Each worker's room begins `bytes` behind that of the one before. */
  | ({ readonly do: "give room" } & Range)
  | { readonly do: "run"; readonly program: number; readonly first: number; readonly end: number }
  | { readonly do: "time"; readonly program: number; readonly runs: number; readonly request: number };

/** To the leader alone. */
export type LeaderCommand =
  | { readonly do: "grow"; readonly bytes: number; readonly request: number }
  | { readonly do: "write"; readonly address: number; readonly data: ArrayBuffer }
  | { readonly do: "read"; readonly ranges: readonly Range[]; readonly request: number }
  /** Is answered once everything before it is done. */
  | { readonly do: "tell"; readonly request: number };

export type Command = SharedCommand | LeaderCommand;

/** From a worker: "ready" once it can compute, then an answer to each request, or why it can do no more. */
export type Answer =
  | "ready"
  | { readonly request: number; readonly result: ArrayBuffer | readonly number[] | boolean }
  | { readonly failure: string };
