import { formatDuration, formatRate } from "./format.ts";
import type { RecordedStep } from "./session-state.ts";

/** While a step reads a long text, how far it is; else how fast the text grows. */
export const readingOr = (reading: number | undefined, pace: string): string =>
  reading === undefined ? pace : `Reading the text: ${Math.round(100 * reading)} %.`;

/** How fast the text grows. The first step of a run reads the whole prompt, so its time is named apart. */
export function throughput(steps: RecordedStep[]): string {
  const first = steps.findLast((step) => step.isFirstOfRun);
  if (!first) return "";
  const others = steps.slice(steps.indexOf(first) + 1);
  const prefill = `First token after ${formatDuration(first.milliseconds)}`;
  if (others.length === 0) return `${prefill}.`;
  const milliseconds = others.reduce((sum, step) => sum + step.milliseconds, 0);
  return `${prefill}, then ${formatRate((1000 * others.length) / milliseconds)} tokens per second.`;
}
