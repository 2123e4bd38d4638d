import { afterEach, beforeEach, expect, it } from "vitest";
import { tokenizer } from "../../test/fake-backend.ts";
import "./candidate-table.ts";
import type { CandidateTable } from "./candidate-table.ts";

let table: CandidateTable;

const candidates = [72, 105, 33].map((id, i) => ({ id, logit: 2 - i, probability: 0.0002 / (i + 1) }));
const draw = {
  ...{ id: 105, uniform: 0.9, from: 0.5, to: 1, kept: 2, min_val: 1, entropy: 1, rank: 1 },
  ...{ logSumExp: 4 + Math.log(1 + Math.exp(-2)), temperature: 0.5 },
};

beforeEach(async () => {
  table = document.createElement("next-token-candidates") as CandidateTable;
  Object.assign(table, {
    tokenizer,
    candidates,
    chosen: 72,
    smallest: -3,
    entropy: 15.25,
    vocab_size: 50257,
  });
  document.body.append(table);
  await table.updateComplete;
});
afterEach(() => table.remove());

const cells = () =>
  [...table.renderRoot.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => (cell as HTMLElement).innerText.replace(/\s+/g, " ").trim()),
  );
const heads = () => [...table.renderRoot.querySelectorAll("thead th")].map(({ textContent }) => textContent);
const note = () => table.renderRoot.querySelector("p.note")!.textContent;
const widths = () =>
  [...table.renderRoot.querySelectorAll("rect")].map((bar) => Number(bar.getAttribute("width")));

it("shows the softmax where the likeliest is taken", () => {
  expect(heads()).toEqual(["Token and id", "Probability", "Logit"]);
  expect(cells()[0]).toEqual(["H 72", "0.0200 %", "2.0000"]);
  expect(note()).toContain("Entropy: 15.25 of at most 15.62 bits.");
  expect(widths()[1]).toBeCloseTo(50, 6);
});

it("shows what is drawn with beside the softmax alone, and what top k leaves out", async () => {
  Object.assign(table, { draw, drawn: candidates[1], chosen: 105 });
  await table.updateComplete;
  expect(heads()).toEqual(["Token and id", "Drawn with", "Softmax alone", "Logit / 0.5"]);
  expect(cells()).toEqual([
    ["H 72", "88.1 %", "0.0200 %", "4.0000"],
    ["i 105", "11.9 %", "0.0100 %", "2.0000"],
    ["! 33", "left out", "0.00667 %", "0.0000"],
  ]);
  expect(widths()).toEqual([100, expect.closeTo(100 * Math.exp(-2), 6), 0]);
  expect(table.renderRoot.querySelector("tr.decided")!.textContent).toContain("105");
  expect(table.renderRoot.querySelector("tr.cut")!.textContent).toContain("33");
  expect(note()).toContain(
    "Softmax over the 2 largest logits, divided by the temperature 0.5; these ten hold 100 %",
  );
  expect(note()).toContain("The number drawn: 0.900000. Entropy: 1.00 bits, 15.25 by softmax alone.");
});

it("gives a drawn token from below the likeliest a row of its own", async () => {
  const drawn = { id: 34, logit: -0.5, probability: 0.00001 };
  Object.assign(table, { draw: { ...draw, min_val: -4, rank: 1234 }, drawn, chosen: 34 });
  await table.updateComplete;
  expect(cells().slice(3)).toEqual([
    ["… and the drawn token, of rank 1,235:"],
    [expect.stringContaining("34"), expect.stringMatching(/%$/), "0.00100 %", "−1.0000"],
  ]);
});

it("says of a preview that nothing is appended yet, and marks nothing as chosen", async () => {
  const caption = () => table.renderRoot.querySelector("h2")!.textContent;
  const height = () => table.renderRoot.querySelector(".head")!.getBoundingClientRect().height;
  const before = height();
  expect([caption(), note().includes("Nothing is appended")]).toEqual([
    "The ten likeliest next tokens",
    false,
  ]);
  Object.assign(table, { isPreview: true, chosen: undefined });
  await table.updateComplete;
  expect(caption()).toBe("What would come next");
  expect(note()).toMatch(/bits\. Nothing is appended yet\.$/);
  expect(table.renderRoot.querySelector("tr.decided")).toBeNull();
  expect(table.renderRoot.querySelector("[aria-live]")).toBeNull();
  expect(height()).toBeLessThanOrEqual(before);
});
