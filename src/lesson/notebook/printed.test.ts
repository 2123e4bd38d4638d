import { expect, it } from "vitest";
import notebook from "../../../tools/parity/notebook.json";
import { printed } from "./printed.ts";

// What PyTorch computes, rounded as it prints it, is what the notebook shows.

const round = (value: number) => Number(value.toFixed(4));

it("has the notebook's ids", () => {
  expect(printed.batch.values).toEqual(notebook.batch.flat());
  expect(printed.prompt.values).toEqual(notebook.prompt[0]);
  expect(printed.generated.values).toEqual(notebook.none.generated.slice(0, 14));
  expect(printed.causal.values).toEqual(notebook.causal.generated.slice(0, 14));
});

it("has the first and last three logits of each of the eight rows", () => {
  const rows = notebook.none.training_logits.flat();
  const ends = rows.flatMap(({ first, last }) => [...first.slice(0, 3), ...last.slice(-3)]);
  expect(printed.logits.values).toEqual(ends.map(round));
  expect(printed.logits.shape).toEqual([2, 4, 6]);
});
