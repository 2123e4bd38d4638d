import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../test/fake-backend.ts";
import { find, placed } from "../test/whole-element.ts";
import { gptBackend } from "./models/gpt-backend.ts";
import "./next-token.ts";
import type { NextToken } from "./next-token.ts";

// Which panels and controls are there, in a browser, over a model that computes nothing.

vi.mock("./models/gpt-backend.ts", async () => {
  const { FakeBackend } = await import("../test/fake-backend.ts");
  return { gptBackend: new FakeBackend() };
});

let element: NextToken;

beforeEach(() => {
  Object.assign(gptBackend, new FakeBackend());
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  element.remove();
  vi.restoreAllMocks();
});

const open = async (attributes: Record<string, string> = {}) => {
  element = await placed(attributes);
};
const all = <E extends Element = HTMLElement>(selector: string) => find<E>(element.renderRoot, selector);
const sections = () => all("section").map(({ className }) => className);
const lower = () =>
  all("next-token-panels details")
    .concat(all("details"))
    .map(({ className }) => className);
const seen = (selector: string) => all(selector).filter((each) => each.checkVisibility());
const press = (key: string) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true });
  element.dispatchEvent(event);
  return event;
};

describe("panels", () => {
  it("are all there where nothing is said", async () => {
    await open();
    expect(sections()).toEqual(["ask", "idx", "loop", "candidates"]);
    expect(lower().filter(Boolean)).toEqual(["logits", "switches", "code", "attention", "kernels", "share"]);
  });

  it("are those that are named, in their own order", async () => {
    await open({ panels: "code tokens" });
    expect(sections()).toEqual(["ask", "idx"]);
    expect(lower().filter(Boolean)).toEqual(["code"]);
    expect(all(".about")).toEqual([]);
    element.setAttribute("panels", "probabilities attention");
    await element.updateComplete;
    expect(sections()).toEqual(["ask", "candidates"]);
    await vi.waitFor(() => expect(lower().filter(Boolean)).toEqual(["attention"]));
    element.removeAttribute("panels");
    await element.updateComplete;
    expect(sections()).toHaveLength(4);
  });

  it("need not be there for a run, and a link says the same", async () => {
    await open({ panels: "" });
    const { link } = element;
    const texts: string[] = [];
    element.addEventListener("done", (event) => texts.push((event as CustomEvent).detail.text));
    await element.generate();
    await element.step();
    expect(texts).toHaveLength(1);
    expect(element.link).toContain("iteration=11&step=7");
    element.reset();
    expect(element.link).toBe(link);
    expect(console.warn).not.toHaveBeenCalled();
  });

  it("stand side by side where there is room, and alone as wide as the figure", async () => {
    await open({ panels: "steps probabilities" });
    Object.assign(element.style, { display: "block", inlineSize: "1200px" });
    const widths = (...names: string[]) =>
      names.map((name) => Math.round(all(`.${name}`)[0]!.getBoundingClientRect().width / 100));
    await vi.waitFor(() => expect(widths("ask")[0]).toBeGreaterThan(10));
    expect(widths("loop")[0]! + widths("candidates")[0]!).toBeLessThan(13);
    element.setAttribute("panels", "tokens");
    await element.updateComplete;
    expect(widths("ask")[0]! + widths("idx")[0]!).toBeLessThan(13);
    expect(all(".idx")[0]!.getBoundingClientRect().height).toBeGreaterThan(150);
  });
});

describe("controls", () => {
  it("are those that are named", async () => {
    await open({ controls: "play token pace" });
    expect(
      all("button[aria-keyshortcuts]").map((button) => button.getAttribute("aria-keyshortcuts")),
    ).toEqual(["p", "t"]);
    expect(all("select")).toHaveLength(1);
    expect(all("textarea, input[type=number]")).toEqual([]);
    expect(all("next-token-model-menu, .about button")).toEqual([]);
  });

  it("are none where the attribute is empty, and the page itself runs it", async () => {
    await open({ controls: "", panels: "tokens probabilities" });
    expect(seen("button, textarea, select, input:not([type=radio])")).toEqual([]);
    await element.generate();
    expect(element.link).toContain("iteration=10");
  });

  it("leave keys alone that would press what is not there", async () => {
    await open({ controls: "step" });
    expect(["p", "t", "r", "ArrowLeft"].map((key) => press(key).defaultPrevented)).toEqual(
      Array(4).fill(false),
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(element.link).not.toContain("iteration");
    expect(press("ArrowRight").defaultPrevented).toBe(true);
    await vi.waitFor(() => expect(element.link).toContain("iteration=1"));
  });

  it("without Step offer no next iteration either", async () => {
    await open({ controls: "token" });
    await element.step();
    await element.updateComplete;
    await vi.waitFor(() => expect(all("li.now")).toHaveLength(1));
    expect(all(".next")).toEqual([]);
    element.removeAttribute("controls");
    await element.updateComplete;
    await vi.waitFor(() => expect(all(".next")).toHaveLength(1));
  });
});

describe("locked", () => {
  beforeEach(() => open({ locked: "", controls: "prompt play model" }));

  it("fixes the prompt, and says so to eye and ear", async () => {
    const [prompt] = all<HTMLTextAreaElement>("textarea");
    expect(prompt!.readOnly).toBe(true);
    const notes = prompt!.getAttribute("aria-describedby")!;
    expect((prompt!.getRootNode() as ShadowRoot).getElementById(notes)!.innerText).toContain(
      "This page has fixed the prompt.",
    );
    expect(all(".more button")).toEqual([]);
  });

  it("fixes model and switches, and shows them", async () => {
    all<HTMLDetailsElement>("details.switches")[0]!.open = true;
    await vi.waitFor(() => expect(all("next-token-switches")).toHaveLength(1));
    await vi.waitFor(() => expect(all("input[name=mask]")).toHaveLength(2));
    const [switches] = all("next-token-switches");
    const inputs = find<HTMLInputElement>(switches!.shadowRoot!, "input");
    expect(inputs.length).toBeGreaterThan(5);
    expect(inputs.filter((input) => !input.matches(":disabled"))).toEqual([]);
    expect(all("next-token-model-menu")).toEqual([]);
    expect(all(".fixed")[0]!.innerText).toContain("Untrained, seed 123");
  });

  it("leaves methods and properties to the page", async () => {
    element.prompt = "Hi";
    element.mask = "none";
    await element.generate();
    expect([element.prompt, element.mask]).toEqual(["Hi", "none"]);
    expect(element.link).toContain("iteration=10");
    element.removeAttribute("locked");
    await element.updateComplete;
    expect(all<HTMLTextAreaElement>("textarea")[0]!.readOnly).toBe(false);
  });
});
