import { milliseconds } from "../cli/report.ts";
import { median } from "../measure/statistics.ts";
import type { Turn } from "./turn.ts";

/** What is compared, and where it stands in a turn. */
const figures = [
  { what: "prefill of", times: (turn: Turn) => [turn.prefill_ms] },
  { what: "a token at context", times: (turn: Turn) => turn.decode_ms },
];

/** A table in Markdown: medians over all rounds, the smallest and the largest behind them, and how many times faster. */
export function reportBeside(ours: readonly Turn[], peer: readonly Turn[]): string {
  const contexts = [...new Set(ours.map((turn) => turn.context))];
  const rows = figures.flatMap(({ what, times }) =>
    contexts.map((context) => {
      const at = (turns: readonly Turn[]) => turns.filter((turn) => turn.context === context).flatMap(times);
      const [a, b] = [at(ours), at(peer)];
      return [`${what} ${context}`, cell(a), cell(b), `${(median(b) / median(a)).toFixed(1)}`];
    }),
  );
  return [["ms", "next-token", "onnxruntime-web", "times faster"], ["---", "---", "---", "---"], ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

const cell = (times: readonly number[]): string =>
  `${milliseconds(median(times))} (${milliseconds(Math.min(...times))} to ${milliseconds(Math.max(...times))})`;
