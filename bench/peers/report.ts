import { milliseconds } from "../cli/report.ts";
import { median } from "../measure/statistics.ts";
import type { TimedRun } from "./timed-run.ts";

/** What is compared, and where it stands in a run. */
const figures = [
  { what: "prefill of", times: (run: TimedRun) => [run.prefill_ms] },
  { what: "a token at context", times: (run: TimedRun) => run.decode_ms },
];

/**
 * A table in Markdown: medians over all rounds, the smallest and the largest behind them, and how many times faster ours is.
 * @param peers by name
 */
export function reportBeside(
  ours: readonly TimedRun[],
  peers: Readonly<Record<string, readonly TimedRun[]>>,
): string {
  const contexts = [...new Set(ours.map((run) => run.context))];
  const rows = figures.flatMap(({ what, times }) =>
    contexts.map((context) => {
      const at = (runs: readonly TimedRun[]) => runs.filter((run) => run.context === context).flatMap(times);
      const a = at(ours);
      const beside = Object.values(peers).flatMap((runs) => {
        const b = at(runs);
        return [cell(b), (median(b) / median(a)).toFixed(2)];
      });
      return [`${what} ${context}`, cell(a), ...beside];
    }),
  );
  const titles = ["ms", "next-token", ...Object.keys(peers).flatMap((name) => [name, "times faster"])];
  return [titles, titles.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const cell = (times: readonly number[]): string =>
  `${milliseconds(median(times))} (${milliseconds(Math.min(...times))} to ${milliseconds(Math.max(...times))})`;
