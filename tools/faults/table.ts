import type { Result } from "./cell.ts";
import { phases } from "./stage.ts";

/** The results as a table in Markdown, one row a fault, and why some cells are empty. */
export function table(results: readonly Result[]): string {
  const names = [...new Set(results.map(({ fault }) => fault))];
  const cell = (name: string, phase: string) => {
    const { says, problems } = results.find(({ fault, phase: at }) => fault === name && at === phase)!;
    return problems.length > 0 ? `FAILED: ${says}` : says;
  };
  const rows = names.map((name) => `| ${name} | ${phases.map((phase) => cell(name, phase)).join(" | ")} |`);
  const empty = results
    .filter(({ says }) => says === "-")
    .map(({ fault, phase, why }) => `- ${fault}, ${phase}: ${why}`);
  return [
    `| fault | ${phases.join(" | ")} |`,
    `|---|${"---|".repeat(phases.length)}`,
    ...rows,
    "",
    ...empty,
  ].join("\n");
}
