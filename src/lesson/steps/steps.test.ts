import { expect, it } from "vitest";
import listing from "../../ui/loop-code/generate_text_simple.py?raw";
import type { Station } from "../playhead.ts";
import { stepAt } from "./steps.ts";

const stations: readonly Station[] = [1, 2, 3, 4, 5, 6, 7];

it("has the notebook's names", () => {
  expect(stations.map((station) => stepAt(station).name)).toEqual([
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
    for (const statement of stepAt(station).code.split("\n")) expect(listing).toContain(statement);
  }
});

it("a token that is drawn is selected by another statement", () => {
  const sampling = { temperature: 0.2 };
  expect(stepAt(3, sampling).code).toBe(
    "logits = logits[:, -1, :]\nprobabs = torch.softmax(logits / 0.2, dim=-1)",
  );
  expect(stepAt(4, sampling)).toMatchObject({
    name: stepAt(4).name,
    code: expect.stringContaining("multinomial"),
  });
  expect(stepAt(5, sampling)).toBe(stepAt(5));
});
