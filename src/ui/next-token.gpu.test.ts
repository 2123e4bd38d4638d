import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { knownModels } from "../lesson/models/library.ts";
import { FakeBackend } from "../test/fake-backend.ts";
import { gptBackend } from "./models/gpt-backend.ts";
import "./next-token.ts";
import { followLink, keepAddress } from "../page/page-link.ts";
import type { NextToken } from "./next-token.ts";

// The whole element, in a browser, over a model that computes nothing.

vi.mock("./models/gpt-backend.ts", async () => {
  const { FakeBackend } = await import("../test/fake-backend.ts");
  return { gptBackend: new FakeBackend() };
});
vi.mock("../lesson/models/library.ts", { spy: true });

let element: NextToken;
let errors: { code: string; message: string }[];

beforeEach(async () => {
  Object.assign(gptBackend, new FakeBackend());
  await open();
});
afterEach(() => {
  element.remove();
  vi.restoreAllMocks();
});

async function open(): Promise<void> {
  errors = [];
  element = document.createElement("next-token") as NextToken;
  element.prompt = "Hello, I am";
  element.addEventListener("error", (event) => errors.push((event as unknown as CustomEvent).detail));
  document.body.append(element);
  await element.updateComplete;
}

/** What matches `selector` in the element or in one within it. */
function find<E extends Element>(selector: string, root: ParentNode = element.renderRoot): E[] {
  const within = [...root.querySelectorAll("*")].flatMap(({ shadowRoot }) =>
    shadowRoot ? find<E>(selector, shadowRoot) : [],
  );
  return [...root.querySelectorAll<E>(selector), ...within];
}
const texts = (selector: string) => find(selector).map(({ textContent }) => textContent.trim());
const button = (name: string) =>
  find<HTMLButtonElement>("button").find(({ innerText }) => innerText.trim().startsWith(name))!;
const note = () => texts("p.note").find((text) => text.startsWith("The link leads")) ?? "";

it("lets nothing move while tokens come as fast as they can", async () => {
  const quick = () => getComputedStyle(find("next-token-candidates")[0]!).getPropertyValue("--nt-quick");
  const seen: string[] = [];
  Object.assign(gptBackend, { beforeStep: () => new Promise((resolve) => setTimeout(resolve, 60)) });
  element.addEventListener("token", () => seen.push(quick()));
  await element.generate();
  expect(seen.slice(2)).toEqual(Array(8).fill("0ms")); // from the first drawing on
  await element.updateComplete;
  expect(quick()).toBe("160ms");
  element.pace = "slow";
  button("Play").click();
  await vi.waitFor(() => expect(button("Pause")).toBeDefined());
  expect(quick()).toBe("160ms");
  element.reset();
});

it("draws tokens that come at once together, and the last of them when all are there", async () => {
  const drawings = vi.spyOn(element as unknown as { performUpdate(): void }, "performUpdate");
  await element.generate();
  await element.updateComplete;
  expect(drawings.mock.calls.length).toBeLessThan(5);
  expect(texts(".chip-id").length).toBeGreaterThanOrEqual(14);
});

describe("a model whose code does not come", () => {
  it("fails aloud, whatever was pressed", async () => {
    vi.mocked(knownModels).mockRejectedValue(new TypeError("Failed to fetch dynamically imported module."));
    element.model = "gpt2";
    await element.generate();
    expect(errors.map(({ code }) => code)).toEqual(["unexpected"]);
    expect(texts('[role="alert"]').join()).toContain("Failed to fetch dynamically imported module.");
    await element.step();
    button("Step").click();
    await vi.waitFor(() => expect(errors).toHaveLength(3));
    element.model = "seed:123";
    await element.step();
    expect(errors).toHaveLength(3);
    expect(texts('[role="alert"]')).toEqual([]);
  });
});

describe("a link's destination", () => {
  const run = async (steps: number) => {
    for (let i = 0; i < steps; i++) await element.step();
    await element.updateComplete;
  };

  it("counts for nothing once it is reached: Play goes on", async () => {
    element.maxNewTokens = 2;
    await element.generate();
    followLink(element, new URL(element.link).hash); // what Back does
    await element.updateComplete;
    expect(note()).toBe("");
    await element.generate();
    expect(element.link).toContain("iteration=4&step=7");
  });

  it("counts for nothing when it was walked past", async () => {
    followLink(element, "#prompt=Hi&max-new-tokens=5&step=2");
    await element.updateComplete;
    expect(note()).toBe("The link leads to iteration 2, step 1: Play goes there.");
    await run(3);
    expect(note()).toBe("");
    await element.generate();
    expect(element.link).toContain("iteration=5&step=7");
  });

  it("is gone with another prompt", async () => {
    followLink(element, "#prompt=Hi&max-new-tokens=5&step=2");
    await element.updateComplete;
    const [prompt] = find<HTMLTextAreaElement>("#prompt");
    prompt!.value = "Ho";
    prompt!.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    await element.updateComplete;
    expect(element.prompt).toBe("Ho");
    expect(note()).toBe("");
    await element.generate();
    expect(element.link).toContain("iteration=5&step=7");
  });

  it("stays in the address until it is reached", async () => {
    followLink(element, "#prompt=Hi&step=2&station=4");
    await element.updateComplete;
    expect(element.link).toMatch(/#prompt=Hi&iteration=2&step=4$/);
  });
});

describe("the address", () => {
  it("follows what was committed by leaving a field, which no event tells outside", async () => {
    const written: string[] = [];
    vi.spyOn(history, "replaceState").mockImplementation((_, __, url) => void written.push(String(url)));
    keepAddress(element);
    const [count] = find<HTMLInputElement>('input[type="number"]');
    count!.value = "7";
    count!.dispatchEvent(new Event("change", { bubbles: true }));
    await vi.waitFor(() => expect(written.at(-1)).toMatch(/#.*max-new-tokens=7/), 2000);
  });
});

describe("what a screen reader is told", () => {
  const told = () =>
    find("next-token-status").flatMap(({ shadowRoot }) =>
      [...shadowRoot!.querySelectorAll('[aria-live="polite"], [role="status"]')].map(
        ({ textContent }) => textContent,
      ),
    );

  it("what is worth knowing besides: that the text was taken away, that the GPU went", async () => {
    element.prompt = "Hi";
    await element.step();
    await vi.waitFor(() => expect(told()).toEqual([expect.stringMatching(/^Token 1 of 10/), ""]));
    element.reset();
    await vi.waitFor(() => expect(told()).toEqual(["", "Back at the prompt."]));
    await element.step();
    (gptBackend as unknown as FakeBackend).models.at(-1)!.lose({ message: "Gone." });
    await vi.waitFor(() => expect(told()[1]).toContain("The browser took the GPU away."));
  });

  it("why a prompt cannot be used, once", async () => {
    element.remove();
    vi.spyOn(gptBackend, "loadTokenizer").mockRejectedValue(new Error("No tokenizer."));
    await open();
    const alerts = () => texts('[role="alert"]');
    await vi.waitFor(() => expect(alerts()).toEqual([expect.stringContaining("No tokenizer.")]));
    await element.generate(); // fails of the same
    await element.updateComplete;
    expect(errors).toHaveLength(1);
    expect(alerts()).toHaveLength(1);
  });
});

it("shows in its panels how long a prompt is that was typed after they were opened", async () => {
  find("details").forEach((details) => {
    (details as HTMLDetailsElement).open = true;
  });
  find(".ask")[0]!.dispatchEvent(new FocusEvent("focusin")); // loads the tokenizer
  const counts = () => texts("next-token-context p, p").filter((text) => text.includes("tokens fit"));
  await expect.poll(counts).toContainEqual(expect.stringContaining("All 11 tokens fit"));
  element.prompt = "The cat";
  await expect.poll(counts).toContainEqual(expect.stringContaining("All 7 tokens fit"));
});

describe("a model that answers while one types", () => {
  const caption = () => find("next-token-candidates")[0]!.shadowRoot!.querySelector("h2")!.textContent;
  const likeliest = () =>
    find("next-token-candidates")[0]!.shadowRoot!.querySelector(".chip-id")?.textContent;

  beforeEach(async () => {
    const { config } = new FakeBackend();
    Object.assign(gptBackend, { config: { ...config, emb_dim: 64 }, milliseconds: 5 });
    await element.step();
    element.reset();
    await vi.waitFor(() => expect(likeliest()).toBe("11"));
  });

  it("has what would come next follow the prompt, and nothing pressed", async () => {
    expect(caption()).toBe("What would come next");
    const told: string[] = [];
    for (const name of ["token", "done", "progress", "ready", "error"])
      element.addEventListener(name, () => told.push(name));
    element.prompt = "Hello";
    await vi.waitFor(() => expect(likeliest()).toBe("5"));
    expect([button("Play").ariaDisabled, told]).toEqual(["false", []]);
    await vi.waitFor(() => expect(texts('[role="status"]').join()).toMatch(/^Likeliest next: /), 5000);
    await element.step();
    await element.updateComplete;
    expect([likeliest(), caption()]).toEqual(["5", "The ten likeliest next tokens"]);
  });

  it("shows those of the row that is shown", async () => {
    element.prompts = ["Hello", "H"];
    element.raggedPrompts = "pad";
    element.row = 1;
    Object.assign(gptBackend, { next: (row: number[]) => row.at(-1)! });
    element.prompts = ["Hello", "Yo"];
    await vi.waitFor(() => expect(likeliest()).toBe("111"));
    element.row = 0;
    await vi.waitFor(() => expect(likeliest()).toBe("111"));
    element.prompts = ["Hell", "Yo"];
    await vi.waitFor(() => expect(likeliest()).toBe("108"));
  });
});
