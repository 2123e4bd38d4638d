import type { BenchResult } from "../measure/result.ts";
import { median } from "../measure/statistics.ts";
import { milliseconds } from "./report.ts";

/** How one figure differs between two trees that were measured alternately. */
export interface Ratio {
  field: string;
  /** Medians over the rounds, ms. */
  before: number;
  after: number;
  /** before / after of each round: above 1 where it became faster. */
  median: number;
  min: number;
  max: number;
}

/** The ratios of every figure in ms that each of the rounds has, on both sides. */
export function ratios(before: readonly BenchResult[], after: readonly BenchResult[]): Ratio[] {
  const fields = Object.keys(after[0]!).filter((field) => /_ms(_per_token)?$/.test(field));
  return fields.flatMap((field) => {
    const [b, a] = [column(before, field), column(after, field)];
    if (!b || !a) return [];
    const quotients = b.map((value, round) => value / a[round]!);
    return [
      {
        field,
        before: median(b),
        after: median(a),
        median: median(quotients),
        min: Math.min(...quotients),
        max: Math.max(...quotients),
      },
    ];
  });
}

function column(results: readonly BenchResult[], field: string): number[] | undefined {
  const values = results.map((result) => result[field as keyof BenchResult]);
  return values.every((value) => typeof value === "number") ? values : undefined;
}

export function reportRatios(rows: readonly Ratio[], commit: string): string {
  const cells = (row: string[]) => row.map((cell, i) => (i ? cell.padStart(16) : cell.padEnd(26))).join("");
  return [
    cells(["ms", commit.slice(0, 12), "working tree", "times faster", "each round"]),
    ...rows.map(({ field, before, after, median, min, max }) =>
      cells([
        field.replace("_ms", ""),
        milliseconds(before),
        milliseconds(after),
        median.toFixed(2),
        `${min.toFixed(2)} to ${max.toFixed(2)}`,
      ]),
    ),
  ].join("\n");
}
