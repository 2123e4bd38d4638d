import { expect, it } from "vitest";
import { loadTokenizer } from "../../tokenizer/tokenizer.ts";
import "./handout.ts";
import type { Handout } from "./handout.ts";

// In a browser, because only there is an element drawn, or not.

const token = (id: number, probability: number, logit: number) => ({ id, probability, logit });
const first = [token(27018, 0.25, 2), token(11, 0.125, 1)];
const second = [token(24086, 0.5, 3), token(716, 0.0625, -1)];
const rowsOf = (table: Element) =>
  [...table.querySelectorAll("tbody tr")].map((row) =>
    [...row.querySelectorAll("td")].map((cell) => cell.textContent.trim()),
  );

it("lists every iteration of every row, and the likeliest tokens of the last one; never on the screen", async () => {
  const handout = document.createElement("next-token-handout") as Handout;
  Object.assign(handout, {
    tokenizer: await loadTokenizer(),
    settings: "seed:123, causal",
    start: [
      [15496, 11],
      [314, 716],
    ],
    steps: [
      { ids: [27018, 24086], top: [first, second], chosen: [first[0], second[0]], contextStart: 0 },
      // drawn, not the likeliest
      { ids: [716, 11], top: [second, first], chosen: [second[1], first[1]], contextStart: 1 },
    ],
  });
  document.body.append(handout);
  await handout.updateComplete;
  expect(getComputedStyle(handout).display).toBe("none");
  expect(handout.renderRoot.querySelector("table")).toBeNull();
  dispatchEvent(new Event("beforeprint"));

  const headings = [...handout.renderRoot.querySelectorAll("h2")].map(({ textContent }) => textContent);
  expect(headings).toEqual(["Row 0: Hello, Feature am", "Row 1:  I amiman,"]);
  const [steps, likeliest, otherSteps] = [...handout.renderRoot.querySelectorAll("table")].map(rowsOf);
  expect(steps).toEqual([
    ["1", "·Feature", "27018", "25.0 %", "2.0000", "0"],
    ["2", "·am", "716", "6.25 %", "−1.0000", "1"],
  ]);
  expect(likeliest).toEqual([
    ["iman", "24086", "50.0 %", "3.0000"],
    ["·am", "716", "6.25 %", "−1.0000"],
  ]);
  expect(otherSteps![1]).toEqual(["2", ",", "11", "12.5 %", "1.0000", "1"]);

  handout.settings = "seed:124, causal";
  await handout.updateComplete;
  expect(handout.renderRoot.querySelector("p")!.textContent).toBe("seed:123, causal");
  dispatchEvent(new Event("beforeprint"));
  expect(handout.renderRoot.querySelector("p")!.textContent).toBe("seed:124, causal");
  handout.remove();
});

it("gives the probabilities that a token was drawn with", async () => {
  const handout = document.createElement("next-token-handout") as Handout;
  const draw = { id: 11, uniform: 0.9, from: 0.75, to: 1, kept: 2, min_val: 1, entropy: 1, rank: 1 };
  const logSumExp = 4 + Math.log(1 + Math.exp(-2));
  Object.assign(handout, {
    tokenizer: await loadTokenizer(),
    settings: "sampled",
    start: [[15496]],
    steps: [
      {
        ...{ ids: [11], top: [first], chosen: [first[1]], contextStart: 0 },
        ...{ sampling: { temperature: 0.5, topK: 2, seed: 1 }, draws: [{ ...draw, logSumExp }] },
      },
    ],
  });
  document.body.append(handout);
  await handout.updateComplete;
  dispatchEvent(new Event("beforeprint"));
  const [steps, likeliest] = [...handout.renderRoot.querySelectorAll("table")].map(rowsOf);
  expect(steps![0]).toEqual(["1", ",", "11", "25.0 %", "1.0000", "0"]);
  expect(likeliest!.map((row) => row[2])).toEqual(["88.1 %", "11.9 %"]);
  handout.remove();
});
