import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../../test/fake-backend.ts";
import { find, placed } from "../../test/whole-element.ts";
import { gptBackend } from "../models/gpt-backend.ts";
import "../next-token.ts";
import type { NextToken } from "../next-token.ts";

// "What comes next?", asked by the page or by the element, over a model that computes nothing.

vi.mock("../models/gpt-backend.ts", async () => {
  const { FakeBackend } = await import("../../test/fake-backend.ts");
  return { gptBackend: new FakeBackend() };
});

let element: NextToken;
let told: { name: string; detail: Record<string, unknown> }[];

const open = async (attributes: Record<string, string> = {}) => {
  element = await placed({ prompt: "Hi", "max-new-tokens": "3", ...attributes });
  told = [];
  for (const name of ["before-token", "token", "prediction", "done"])
    element.addEventListener(name, (event) => told.push({ name, detail: (event as CustomEvent).detail }));
};
beforeEach(() => {
  const others = [67, 65, 66].map((id, i) => ({ id, logit: -i, probability: 0.1 / (i + 1) }));
  Object.assign(gptBackend, new FakeBackend(), { others, next: (row: number[]) => 68 + row.length });
});
afterEach(() => element.remove());

const names = () => told.map(({ name }) => name);
const all = <E extends Element = HTMLElement>(selector: string) => find<E>(element.renderRoot, selector);
const choices = () => all<HTMLButtonElement>(".choices button");
const outcome = () => all(".outcome")[0]!.innerText;
const press = async (name: string) => {
  all<HTMLButtonElement>("button")
    .find(({ innerText }) => innerText.trim().startsWith(name))!
    .click();
  await element.updateComplete;
};
const isAsked = () => vi.waitFor(() => expect(choices()).toHaveLength(4));

describe("a page that asks", () => {
  it("holds each token until it lets it go", async () => {
    await open();
    element.addEventListener("before-token", (event) => event.preventDefault());
    await element.generate();
    expect(names()).toEqual(["before-token"]);
    expect(told[0]!.detail).toMatchObject({ position: 2 });
    expect((told[0]!.detail.choices as { text: string }[][])[0]!.map(({ text }) => text)).toEqual([
      "A",
      "B",
      "C",
      "F",
    ]);
    expect(element.link).toContain("iteration=1");
    expect(choices()).toEqual([]); // the page asks, not the element
    await element.step();
    expect(names().slice(1)).toEqual(["token"]);
    await element.generate();
    expect(names().slice(2)).toEqual(["before-token"]);
    await element.generate();
    await element.generate();
    expect(names().slice(3)).toEqual(["token", "before-token", "token", "done"]);
  });

  it("is asked again by whoever presses a button meanwhile", async () => {
    await open({ predict: "" });
    element.addEventListener("before-token", (event) => event.preventDefault());
    await element.step();
    await press("Token");
    await vi.waitFor(() => expect(names()).toEqual(["before-token", "before-token"]));
    expect(choices()).toEqual([]);
  });

  it("holds nothing by listening alone", async () => {
    await open();
    await element.generate();
    expect(names().filter((name) => name === "token")).toHaveLength(3);
  });
});

describe("the element that asks", () => {
  beforeEach(async () => {
    await open({ predict: "" });
    await press("Token");
    await isAsked();
  });

  it("shows nothing of the answer while the question is open", async () => {
    expect(choices().map((button) => button.querySelector(".chip-text")!.textContent)).toEqual([
      "A",
      "B",
      "C",
      "F",
    ]);
    expect(all("next-token-candidates")[0]!.shadowRoot!.querySelectorAll("tbody tr")).toHaveLength(0);
    expect(all("li.now .number")[0]!.textContent).toBe("1");
    const outside = all(".chip-id").filter((chip) => !chip.closest(".choices"));
    expect(outside.map(({ textContent }) => textContent)).not.toContain("70");
    const [inside] = all<HTMLDetailsElement>("details.attention");
    inside!.open = true;
    await vi.waitFor(() => expect(inside!.innerText).toContain("Here one could read what comes next."));
    expect(all("next-token-inside")).toEqual([]);
  });

  it("tells a right guess in words, counts it, and goes on with the next", async () => {
    choices()[3]!.focus();
    choices()[3]!.click();
    await vi.waitFor(() => expect(outcome()).toBe("Right: F comes next. Its probability was 50.0 %."));
    expect(told.find(({ name }) => name === "prediction")!.detail).toEqual({
      row: 0,
      position: 2,
      guess: { id: 70, text: "F" },
      chosen: { id: 70, text: "F", probability: 0.5 },
      right: true,
      score: { right: 1, asked: 1 },
    });
    await vi.waitFor(() => expect(names().at(-1)).toBe("token"));
    const [panel] = all("next-token-prediction");
    await vi.waitFor(() => expect(panel!.shadowRoot!.activeElement?.className).toBe("next"));
    await press("Next question");
    await isAsked();
    await vi.waitFor(() => expect(panel!.shadowRoot!.activeElement).toBe(choices()[0]));
    choices()[0]!.click();
    await vi.waitFor(() => expect(outcome()).toMatch(/^Wrong: G comes next.*Your guess, A, had 5\.00 %/));
    expect(all("next-token-prediction")[0]!.shadowRoot!.querySelector(".head")!.textContent).toContain(
      "1 of 2 right",
    );
  });

  it("takes what is typed", async () => {
    const [field] = all<HTMLInputElement>('input[type="text"]');
    field!.value = "F";
    field!.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, composed: true }));
    await vi.waitFor(() => expect(outcome()).toMatch(/^Right/));
  });

  it("shows the token without a guess, and counts nothing", async () => {
    await press("Show it");
    await vi.waitFor(() => expect(names()).toEqual(["before-token", "token"]));
    expect(outcome()).toBe("");
  });

  it("counts anew once it is switched off and on", async () => {
    choices()[3]!.click();
    await vi.waitFor(() => expect(outcome()).toMatch(/^Right/));
    element.predict = false;
    await element.generate();
    expect(names().filter((name) => name === "token")).toHaveLength(3);
    element.predict = true;
    await element.updateComplete;
    await vi.waitFor(() => expect(outcome()).toBe(""));
  });
});
