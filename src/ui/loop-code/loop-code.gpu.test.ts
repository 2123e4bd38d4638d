import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "./loop-code.ts";
import type { LoopCode } from "./loop-code.ts";
import type { ValueTip } from "./value-tip.ts";

// In a browser, because only there are an element, a focus and a popover.

let code: LoopCode;
let tip: ValueTip;

beforeEach(async () => {
  code = document.createElement("next-token-loop-code") as LoopCode;
  code.values = new Map([
    ["idx", { shape: "[1, 4]", value: "[[15496, 11, 314, 716]]" }],
    ["idx_cond", { shape: "[1, 4]", value: "[[15496, 11, 314, 716]]" }],
    ["idx_next", { shape: "[1]", value: "[27018]" }],
  ]);
  document.body.append(code);
  await code.updateComplete;
  tip = code.renderRoot.querySelector("next-token-value-tip")!;
});
afterEach(() => code.remove());

const lit = () => [...code.renderRoot.querySelectorAll(".lit")].map(({ textContent }) => textContent.trim());
const names = (text: string) =>
  [...code.renderRoot.querySelectorAll<HTMLElement>(".name")].filter(
    ({ textContent }) => textContent === text,
  );
const isOpen = () => tip.matches(":popover-open");
const told = async () => {
  await vi.waitFor(() => expect(isOpen()).toBe(true));
  return tip.renderRoot.textContent!.replaceAll(/\s+/g, " ").trim();
};
const over = (element: Element) =>
  element.dispatchEvent(new PointerEvent("pointerover", { bubbles: true, composed: true }));
const out = (element: Element) =>
  element.dispatchEvent(new PointerEvent("pointerout", { bubbles: true, composed: true }));

it("lights the lines of the station in both languages, and marks them for those who do not see it", async () => {
  expect(lit()).toEqual([]);
  code.station = 4;
  await code.updateComplete;
  expect(lit()).toEqual([
    "idx_next = torch.argmax(probabs, dim=-1, keepdim=True)",
    "const idx_next = await argmax(model.device, probabs);",
  ]);
  expect(code.renderRoot.querySelectorAll('.lit[aria-current="step"]')).toHaveLength(2);
  code.station = 7;
  await code.updateComplete;
  expect(lit()).toEqual([
    "for _ in range(max_new_tokens):",
    "for (let step = 0; step < max_new_tokens; step++) {",
  ]);
});

it("shows and lights the lines that draw, where the token is drawn", async () => {
  const drawn = () => code.renderRoot.querySelector(".drawn");
  expect(drawn()).toBeNull();
  code.sampling = { temperature: 0.2, topK: 5, seed: 1 };
  code.station = 4;
  await code.updateComplete;
  expect(lit()).toEqual([
    "idx_next = torch.multinomial(probabs, num_samples=1)",
    "const drawn = uniform(seed, row, position);",
    "if (drawn * total < to) break;",
  ]);
  expect(drawn()).not.toBeNull();
  code.station = 3;
  await code.updateComplete;
  expect(lit()).toContain("probabs = torch.softmax(logits / temperature, dim=-1)");
});

describe("a name", () => {
  it("tells its shape and value to the pointer, wherever it stands", async () => {
    expect(names("idx").length).toBeGreaterThan(4);
    over(names("idx").at(-1)!);
    expect(await told()).toBe("idx [1, 4] [[15496, 11, 314, 716]]");
    over(names("idx_next")[0]!);
    await vi.waitFor(async () => expect(await told()).toBe("idx_next [1] [27018]"));
    out(names("idx_next")[0]!);
    await vi.waitFor(() => expect(isOpen()).toBe(false));
  });

  it("stays while the pointer is over the note itself", async () => {
    over(names("idx")[0]!);
    await told();
    out(names("idx")[0]!);
    tip.dispatchEvent(new PointerEvent("pointerenter"));
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(isOpen()).toBe(true);
  });

  it("tells it to the keyboard, once in each text, and Escape closes it", async () => {
    const [python, typescript, ...more] = names("idx_cond").filter((name) => name.matches("button"));
    expect([python, typescript, more.length]).toEqual([expect.anything(), expect.anything(), 0]);
    python!.focus();
    expect(await told()).toContain("[[15496, 11, 314, 716]]");
    expect(python!.getAttribute("aria-describedby")).toBe(tip.id);
    python!.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }));
    expect(isOpen()).toBe(false);
    expect(code.shadowRoot!.activeElement).toBe(python);
  });

  it("follows the value while it is shown, and closes when there is none any more", async () => {
    over(names("idx")[0]!);
    await told();
    code.values = new Map([["idx", { shape: "[1, 5]", value: "[[15496, 11, 314, 716, 27018]]" }]]);
    await vi.waitFor(async () => expect(await told()).toContain("[1, 5]"));
    code.values = new Map();
    await vi.waitFor(() => expect(isOpen()).toBe(false));
    expect(names("idx")).toEqual([]);
  });

  it("of ours stands for the notebook's: rows are idx", async () => {
    over(names("rows")[0]!);
    expect(await told()).toMatch(/^idx \[1, 4\]/);
  });
});
