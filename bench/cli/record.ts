import { cpus, loadavg } from "node:os";
import type { BenchResult } from "../measure/result.ts";

/** A result with what must be known to compare it to another. */
export interface BenchRecord extends BenchResult {
  /** ISO 8601, to the second. */
  date: string;
  /** What was measured, as `git describe` names it; with "-dirty" when files differ from the commit. */
  commit: string;
  /** Browser or Node, with its version. */
  runtime: string;
  /** Processor and how many of its cores were there. */
  machine: string;
  /** How many processes wanted a core in the minute before the run: 0 on an idle machine, and always on Windows. */
  load_before: number;
}

const load_before = loadavg()[0]!; // read when the command starts, before it makes a load of its own

export function recordOf(result: BenchResult, runtime: string, commit: string): BenchRecord {
  const processors = cpus();
  return {
    date: `${new Date().toISOString().slice(0, 19)}Z`,
    commit,
    runtime,
    machine: `${processors[0]?.model.trim() ?? "unknown processor"}, ${processors.length} cores`,
    load_before,
    ...result,
  };
}

/**
 * <date>-<adapter>.json, with the precision unless it is f32 and "-node" for Dawn in Node. A later run of the day
 * replaces an earlier one.
 */
export function fileNameOf({ date, adapter, vendor, architecture, precision, runtime }: BenchRecord): string {
  const name = [vendor, architecture].filter(Boolean).join(" ") || adapter;
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const kept = precision === "f32" ? "" : `-${precision}`;
  return `${date.slice(0, 10)}-${slug}${kept}${runtime.startsWith("Node") ? "-node" : ""}.json`;
}
