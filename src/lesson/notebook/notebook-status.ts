import type { NotebookState } from "./notebook-run.ts";

/** The sentence over the cells, which a screen reader also speaks: it changes when something begins or ends. */
export function notebookStatus({ activity, cells, failure }: NotebookState): string {
  const different = cells.flatMap(({ verdict }, i) => (verdict === "differs" ? [i + 1] : []));
  if (activity === "running") return "Running the notebook.";
  const done = cells.filter(({ verdict }) => verdict === "agrees").length + different.length;
  if (done === 0) return failure ? "Stopped." : "";
  const found =
    different.length === 0
      ? `${done} of ${done} outputs agree with what was printed.`
      : `Of ${done} outputs ${different.length} ${different.length === 1 ? "differs" : "differ"} from what was printed: ${named(different)}.`;
  return done === cells.length ? found : `Stopped after ${done} of ${cells.length} cells. ${found}`;
}

function named(cells: readonly number[]): string {
  return cells.length === 1 ? `cell ${cells[0]}` : `cells ${cells.join(", ")}`;
}
