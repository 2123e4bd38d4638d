import { afterEach, beforeEach, expect, it } from "vitest";
import type { Iteration } from "../../lesson/iteration.ts";
import { logitMatrix } from "../../lesson/logit-matrix.ts";
import type { Station } from "../../lesson/playhead.ts";
import { tokenizer } from "../../test/fake-backend.ts";
import "./logit-matrix.ts";
import type { LogitMatrixTable } from "./logit-matrix.ts";

let table: LogitMatrixTable;

const vocab_size = 9;
const logits = (position: number) => Array.from({ length: vocab_size }, (_, id) => position + id / 10);
const chosen = { id: 4, logit: 1.4, probability: 0.25 };
const iteration = (station: Station, ids = [72, 105]): Iteration => ({
  station,
  step: 0,
  target: 3,
  batch: 1,
  ids,
  dropped: 0,
  isRecorded: true,
  sampling: undefined,
  allChosen: [4],
  result:
    station === 1
      ? undefined
      : {
          top: [chosen],
          chosen,
          logits: { min: 1, max: 1.8, bins: [9], entropy: 3, logSumExp: 1.4 + Math.log(4) },
          computed: 2,
          milliseconds: 1,
          isFirstOfRun: true,
          draw: undefined,
        },
});
const matrix = logitMatrix(
  0,
  2,
  { shape: [1, 2, vocab_size], data: Float32Array.from([0, 1].flatMap(logits)) },
  [4],
);

beforeEach(async () => {
  table = document.createElement("next-token-logit-matrix") as LogitMatrixTable;
  Object.assign(table, { tokenizer, matrix });
  document.body.append(table);
});
afterEach(() => table.remove());

async function at(...iterations: Iteration[]): Promise<string[][]> {
  table.iterations = iterations;
  await table.updateComplete;
  return [...table.renderRoot.querySelectorAll("tr")].map((row) =>
    [...row.children].map((cell) => (cell as HTMLElement).innerText.replace(/\s+/g, " ").trim()),
  );
}
const note = () => table.renderRoot.querySelector("p.note")!.textContent!.replace(/\s+/g, " ").trim();

it("promises at the first step what the second one shows", async () => {
  expect(await at(iteration(1))).toEqual([]);
  expect(note()).toContain("Step 2, Model output, fills this table");
});

it("at the model output shows a row for each token, both ends of the vocabulary and the chosen id", async () => {
  const rows = await at(iteration(2));
  expect(table.renderRoot.querySelector("caption")!.textContent).toBe("logits [1, 2, 9]");
  expect(rows).toEqual([
    ["position, token", "0", "1", "2", "…", "4", "…", "6", "7", "8"],
    ["0 H 72", "0.0000", "0.1000", "0.2000", "…", "0.4000", "…", "0.6000", "0.7000", "0.8000"],
    ["1 i 105", "1.0000", "1.1000", "1.2000", "…", "1.4000", "…", "1.6000", "1.7000", "1.8000"],
  ]);
  expect(note()).toBe(
    "The row of position 0 scores what may follow H, the last one what may follow i: 9 logits each.",
  );
});

it("at the softmax all rows but the last fade, and its probabilities appear", async () => {
  const rows = await at(iteration(3));
  const faded = [...table.renderRoot.querySelectorAll("tr.unused")].map(({ textContent }) => textContent);
  expect(faded).toEqual([expect.stringMatching(/72\s+not used/)]);
  expect(rows.at(-1)![0]).toBe("probabs");
  expect(rows.at(-1)![5]).toBe("25.0 %");
  expect(rows.at(-1)![1]).toBe(`${(25 * Math.exp(-0.4)).toFixed(1)} %`);
  expect(table.renderRoot.querySelector("td.decided")).toBeNull();
});

it("at the selection the winner lights up", async () => {
  await at(iteration(4));
  expect(table.renderRoot.querySelector("td.decided")!.textContent!.trim()).toBe("25.0 %");
  expect(note()).toMatch(/^Column 4 has the largest probability of all, 25.0 %: .+ is the next token\.$/);
});

it("shows the probabilities that a token is drawn with", async () => {
  const drawn = iteration(4);
  const draw = {
    ...{ id: 4, uniform: 0.5, from: 0.25, to: 0.75, kept: 2, min_val: 1.4, entropy: 1, rank: 4 },
    ...{ logSumExp: 2.8 + Math.log(2), temperature: 0.5 },
  };
  const rows = await at({ ...drawn, result: { ...drawn.result!, draw } });
  expect(rows.at(-1)!.slice(1, 6)).toEqual(["0.00 %", "0.00 %", "0.00 %", "…", "50.0 %"]);
  expect(note()).toContain("Column 4 was drawn");
});

it("of another iteration is not shown", async () => {
  expect(await at({ ...iteration(4), step: 1 })).toEqual([]);
});
