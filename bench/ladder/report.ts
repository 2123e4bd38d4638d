import { milliseconds } from "../cli/report.ts";
import type { LadderResult, LaddersResult } from "./result.ts";

/** The ladders as text: each rung's time, and its speedup over the first. */
export const reportLadders = ({ adapter, is_software, ladders }: LaddersResult): string =>
  [
    `${adapter}${is_software ? ", a GPU in software" : ""}. Every rung was checked before it was timed.`,
    ...ladders.flatMap(tableOf),
  ].join("\n");

function tableOf({ title, rungs }: LadderResult): string[] {
  const first = rungs[0]!.ms;
  return [
    "",
    title,
    ...rungs.map(({ name, ms, file }) => {
      const ratio = `${(first / ms).toPrecision(3)}x`;
      return `  ${name.padEnd(66)} ${milliseconds(ms).padStart(8)} ms ${ratio.padStart(7)}   ${file}`;
    }),
  ];
}
