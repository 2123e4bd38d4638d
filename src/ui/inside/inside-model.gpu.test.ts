import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Inspection } from "../../index.ts";
import "./inside-model.ts";
import type { InsideModel } from "./inside-model.ts";

const T = 3;
const bytes = new TextEncoder();
const tokenizer = {
  endOfText: 9,
  encode: () => [],
  decode: () => "",
  bytes: (id: number) => bytes.encode(`t${id}`),
};

/** Two layers of two heads: head h of layer l looks at each key by a weight of its own. */
const inspection: Inspection = {
  ids: [5, 6, 7],
  firstPosition: 0,
  mask: "causal",
  n_layers: 2,
  n_heads: 2,
  attention: (layer, head) => {
    const first = 0.1 * (1 + 2 * layer + head);
    return Float32Array.of(1, 0, 0, first, 1 - first, 0, first, 0.25, 0.75 - first);
  },
  residualNorms: [1, 2, 3].map((norm) => new Float32Array(T).fill(norm)),
  lens: [7, 8, 7].map((id) => [{ id, logit: 1, probability: 0.5 }]),
};

let panel: InsideModel;
const inRoom = <E extends HTMLElement>(element: string, selector: string): E[] => [
  ...panel.renderRoot.querySelector(element)!.shadowRoot!.querySelectorAll<E>(selector),
];
const settled = () => vi.waitFor(() => expect(inRoom("next-token-attention-grid", "button")).toHaveLength(4));
const press = (element: string, key: string) => {
  const focused = panel.renderRoot.querySelector(element)!.shadowRoot!.activeElement!;
  focused.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true }));
};
const focusedLabel = (element: string) =>
  panel.renderRoot.querySelector(element)!.shadowRoot!.activeElement?.getAttribute("aria-label");

beforeEach(async () => {
  panel = document.createElement("next-token-inside");
  Object.assign(panel, { inspection, tokenizer, state: "ready" });
  document.body.append(panel);
  await settled();
});
afterEach(() => panel.remove());

it("draws the triangle, and nothing where the mask hides a key", () => {
  const [canvas] = inRoom<HTMLCanvasElement>("next-token-attention-map", "canvas");
  const { data } = canvas!.getContext("2d")!.getImageData(0, 0, T, T);
  const opaque = Array.from({ length: T * T }, (_, i) => data[4 * i + 3]! > 0);
  expect(opaque).toEqual([true, false, false, true, true, false, true, true, true]);
});

it("goes through the heads with the arrow keys, and the large map follows", async () => {
  inRoom("next-token-attention-grid", '[tabindex="0"]')[0]!.focus();
  press("next-token-attention-grid", "ArrowDown");
  await vi.waitFor(() => expect(focusedLabel("next-token-attention-grid")).toBe("Layer 1, head 0"));
  press("next-token-attention-grid", "End");
  await vi.waitFor(() => expect(focusedLabel("next-token-attention-grid")).toBe("Layer 1, head 1"));
  press("next-token-attention-grid", "ArrowRight"); // there is no further one
  await vi.waitFor(() => expect(panel.renderRoot.textContent).toContain("Layer 1, head 1"));
  const weights = inRoom("next-token-query-reading", ".weight").map(({ textContent }) => textContent);
  expect(weights).toEqual(["0.400", "0.250", "0.350"]);
});

it("goes through the queries, and says what each looks at", async () => {
  inRoom("next-token-attention-map", '[role="radio"][tabindex="0"]')[0]!.focus();
  press("next-token-attention-map", "Home");
  await vi.waitFor(() => expect(focusedLabel("next-token-attention-map")).toBe("t5, position 0"));
  const weights = () => inRoom("next-token-query-reading", ".weight").map(({ textContent }) => textContent);
  expect(weights()).toEqual(["1.000", "hidden", "hidden"]);
});

it("has a table behind the map, once it is asked for", async () => {
  expect(inRoom("next-token-query-reading", "td")).toEqual([]);
  inRoom<HTMLDetailsElement>("next-token-query-reading", "details")[0]!.open = true;
  await vi.waitFor(() =>
    expect(inRoom("next-token-query-reading", "tbody td").map(({ textContent }) => textContent)).toEqual([
      "1.000",
      "0.000",
      "0.000",
      "0.100",
      "0.900",
      "0.000",
      "0.100",
      "0.250",
      "0.650",
    ]),
  );
});

it("marks where the final answer leads first", () => {
  const marked = inRoom("next-token-lens", "tr.first th").map(({ textContent }) => textContent?.trim());
  expect(marked).toHaveLength(1);
  expect(marked[0]).toContain("embedding");
});

it("asks once, and not while it waits", () => {
  const asked = vi.fn();
  panel.addEventListener("inspect-wanted", asked);
  const button = panel.renderRoot.querySelector("button")!;
  button.click();
  panel.state = "waiting";
  button.click();
  expect(asked).toHaveBeenCalledTimes(1);
});

it("says that it is of an earlier text, and keeps it", async () => {
  const outdated = () => panel.renderRoot.querySelector(".outdated");
  expect(outdated()).toBeNull();
  panel.isOutdated = true;
  await panel.updateComplete;
  expect(outdated()).not.toBeNull();
  expect(inRoom("next-token-attention-grid", "button")).toHaveLength(4);
  panel.state = "waiting";
  await panel.updateComplete;
  expect(outdated()).toBeNull();
});

describe("a head that is taken away", () => {
  const inSwitch = <E extends HTMLElement>(selector: string) =>
    inRoom<E>("next-token-head-switch", selector)[0]!;
  const labels = () =>
    inRoom("next-token-attention-grid", "button").map((button) => button.getAttribute("aria-label"));
  const crosses = () => inRoom("next-token-attention-grid", ".cross").length;

  /** What the panels do with the event. */
  function follow(): unknown[] {
    const told: unknown[] = [];
    panel.addEventListener("ablate-change", (event) => {
      panel.ablate = (event as CustomEvent).detail;
      told.push(panel.ablate);
    });
    return told;
  }

  it("is so by the switch beside it, which tells what it does", async () => {
    const told = follow();
    panel.chosen = { layer: 1, head: 0 };
    await panel.updateComplete;
    const box = inSwitch<HTMLInputElement>("input");
    expect(box.labels![0]!.textContent.trim()).toBe("Take this head away");
    expect(inSwitch(`#${box.getAttribute("aria-describedby")}`).textContent).toContain("context_vec");
    box.click();
    await vi.waitFor(() => expect(labels()).toContain("Layer 1, head 0, taken away"));
    panel.chosen = { layer: 0, head: 1 };
    await panel.updateComplete;
    await vi.waitFor(() => expect(inSwitch<HTMLInputElement>("input").checked).toBe(false));
    box.click();
    await vi.waitFor(() => expect(crosses()).toBe(2));
    const both = [
      [0, 1],
      [1, 0],
    ];
    expect(told).toEqual([[[1, 0]], both]);
    expect(inSwitch(".away .note").textContent).toBe("Away: layer 0, head 1; layer 1, head 0.");
    box.click();
    await vi.waitFor(() => expect(crosses()).toBe(1));
    expect(told.at(-1)).toEqual([[1, 0]]);
  });

  it("is marked in shape and in words, and so is the one that is shown large", async () => {
    expect(crosses()).toBe(0);
    panel.ablate = [[0, 0]];
    await vi.waitFor(() =>
      expect(labels()).toEqual([
        "Layer 0, head 0, taken away",
        "Layer 0, head 1",
        "Layer 1, head 0",
        "Layer 1, head 1",
      ]),
    );
    expect(crosses()).toBe(1);
    const edges = inRoom("next-token-attention-grid", "button").map(
      (button) => getComputedStyle(button).borderTopStyle === "dashed",
    );
    expect(edges).toEqual([true, false, false, false]);
    expect(panel.renderRoot.textContent).toContain("Layer 0, head 0, taken away");
    expect(inSwitch<HTMLInputElement>("input").checked).toBe(true);
  });

  it("comes back with all others, where any is away", async () => {
    const told = follow();
    const back = () => inSwitch<HTMLButtonElement>("button");
    expect(back().getAttribute("aria-disabled")).toBe("true");
    back().click();
    expect(told).toEqual([]);
    panel.ablate = [
      [0, 0],
      [9, 3], // of another model
    ];
    await vi.waitFor(() => expect(back().getAttribute("aria-disabled")).toBe("false"));
    back().click();
    expect(told).toEqual([[]]);
    await vi.waitFor(() => expect(crosses()).toBe(0));
    expect(inSwitch(".away .note").textContent).toBe("No head is away.");
  });

  it("of many is one of a number", async () => {
    panel.ablate = Array.from({ length: 12 }, (_, head) => [0, head] as const);
    await vi.waitFor(() => expect(inSwitch(".away .note").textContent).toBe("12 heads are away."));
  });
});

describe("the diagram", () => {
  const modules = () =>
    inRoom("next-token-diagram", "button.name").map(({ textContent }) => textContent.trim());
  const button = (name: string) =>
    inRoom<HTMLButtonElement>("next-token-diagram", "button").find(
      (each) => (each.getAttribute("aria-label") ?? each.textContent.trim()) === name,
    )!;

  it("shows the modules of GPTModel and the notebook's configuration before anybody looked inside", async () => {
    Object.assign(panel, { state: "closed", inspection: undefined, input: [2, 4] });
    await panel.updateComplete;
    await vi.waitFor(() => expect(modules()).toContain("drop_emb"));
    expect(modules().slice(0, 4)).toEqual(["tok_emb", "pos_emb", "drop_emb", "norm1"]);
    const shapes = inRoom("next-token-diagram", ".shape").map(({ textContent }) => textContent);
    expect([shapes[0], shapes[1], shapes.at(-1)]).toEqual(["[2, 4]", "[2, 4, 768]", "[2, 4, 50257]"]);
    expect(inRoom("next-token-diagram", "pre")[0]!.textContent).toContain(
      'GPT_CONFIG_124M = {\n    "vocab_size": 50257,',
    );
  });

  it("a block leads to its attention, and a module says which it is", async () => {
    const chosen: unknown[] = [];
    panel.addEventListener("module-chosen", (event) => chosen.push((event as CustomEvent).detail));
    button("Attention of block 1").click();
    await vi.waitFor(() => expect(panel.renderRoot.textContent).toContain("Layer 1, head 0"));
    await vi.waitFor(() => expect(panel.shadowRoot!.activeElement?.id).toBe("attention"));
    button("Logit lens after block 1").click();
    await vi.waitFor(() => expect(panel.shadowRoot!.activeElement?.id).toBe("lens"));
    expect(inRoom("next-token-lens", '[aria-current="true"] th')[0]!.textContent).toContain("block 1");
    button("att").click();
    expect(chosen).toEqual([expect.objectContaining({ file: "src/model/multi-head-attention.ts" })]);
  });

  it("asks to look inside where nothing was looked at, and leads there once it is", async () => {
    Object.assign(panel, { state: "closed", inspection: undefined });
    await panel.updateComplete;
    const asked: Event[] = [];
    panel.addEventListener("inspect-wanted", (event) => asked.push(event));
    button("Attention of block 0").click();
    expect(asked).toHaveLength(1);
    Object.assign(panel, { state: "ready", inspection });
    await vi.waitFor(() => expect(panel.shadowRoot!.activeElement?.id).toBe("attention"));
  });

  it("says why attention is nearly even where weights are random, and only there", async () => {
    const said = () => panel.renderRoot.textContent.includes("attention is nearly even");
    expect(said()).toBe(false);
    panel.isRandom = true;
    await panel.updateComplete;
    expect(said()).toBe(true);
  });
});
