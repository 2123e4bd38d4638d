import { expect, it } from "vitest";
import listing from "../../ui/loop-code/generate_text_simple.py?raw";
import type { Station } from "../playhead.ts";
import { stepAt } from "./steps.ts";

const stations: readonly Station[] = [1, 2, 3, 4, 5, 6, 7];

it("has the notebook's names", () => {
  expect(stations.map((station) => stepAt(station, false).name)).toEqual([
    "Input to the model",
    "Model output",
    "Softmax conversion",
    "Selecting the next token",
    "Decoding the token",
    "Updating the input",
    "Iterative text generation",
  ]);
});

it("shows statements of the notebook's loop as they stand there", () => {
  for (const station of stations) {
    if (station === 5) continue; // the notebook decodes what the loop returns
    for (const statement of stepAt(station, false).code.split("\n")) expect(listing).toContain(statement);
  }
});

it("a token that is drawn is selected by another statement", () => {
  expect(stepAt(4, true)).toMatchObject({
    name: stepAt(4, false).name,
    code: expect.stringContaining("multinomial"),
  });
  expect(stepAt(3, true)).toBe(stepAt(3, false));
});
