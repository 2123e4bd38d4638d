import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeBackend } from "../../test/fake-backend.ts";
import { find, placed } from "../../test/whole-element.ts";
import { gptBackend } from "../models/gpt-backend.ts";
import "../next-token.ts";
import type { NextToken } from "../next-token.ts";

// What stands in the figure's place until somebody wants it.

vi.mock("../models/gpt-backend.ts", async () => {
  const { FakeBackend } = await import("../../test/fake-backend.ts");
  return { gptBackend: new FakeBackend() };
});

const PICTURE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>')}`;

let element: NextToken;
let loadTokenizer: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  Object.assign(gptBackend, new FakeBackend());
  loadTokenizer = vi.spyOn(gptBackend, "loadTokenizer");
});
afterEach(() => {
  element.remove();
  vi.restoreAllMocks();
});

const open = async (attributes: Record<string, string>) => {
  element = await placed(attributes);
};
const all = <E extends Element = HTMLElement>(selector: string) => find<E>(element.renderRoot, selector);
const isCovered = () => [all(".cover").length, all(".figure").length].join() === "1,0";
const press = async () => {
  const [button] = all<HTMLButtonElement>(".cover button");
  button!.focus();
  button!.click();
  await element.updateComplete;
};
const seen = () => new Promise((resolve) => setTimeout(resolve, 100)); // so that it has come into view

describe("an element that waits for somebody", () => {
  it("loads nothing before it is wanted, and has the focus in its buttons then", async () => {
    await open({ reveal: "interaction" });
    await seen();
    expect([isCovered(), loadTokenizer.mock.calls.length]).toEqual([true, 0]);
    await press();
    expect([isCovered(), loadTokenizer.mock.calls.length]).toEqual([false, 1]);
    await vi.waitFor(() => expect(element.shadowRoot!.activeElement?.localName).toBe("next-token-controls"));
  });

  it("waits behind a poster, and not behind one that is no image", async () => {
    await open({ poster: PICTURE });
    expect(all<HTMLImageElement>(".cover img")[0]!.src).toBe(PICTURE);
    vi.spyOn(console, "warn").mockImplementation(() => {});
    element.poster = "javascript:alert(1)";
    await element.updateComplete;
    expect(isCovered()).toBe(false);
    expect(console.warn).toHaveBeenCalledOnce();
  });

  it("shows no broken frame where the image does not come", async () => {
    await open({ poster: "data:image/png;base64,AAAA" });
    await vi.waitFor(() => expect(all(".cover img")[0]!.checkVisibility()).toBe(false));
    expect(all(".cover button")[0]!.checkVisibility()).toBe(true);
  });

  it("shows what the page put in its place", async () => {
    await open({ reveal: "interaction", poster: PICTURE });
    const own = document.createElement("b");
    Object.assign(own, { slot: "poster", textContent: "Look inside a GPT" });
    element.append(own, "what stands in for the element");
    expect(own.checkVisibility()).toBe(true);
    expect(all(".cover img")[0]!.checkVisibility()).toBe(false);
    expect(element.innerText).not.toContain("what stands in");
    await press();
    expect(own.assignedSlot).toBeNull();
  });

  it("plays by itself only once it is wanted", async () => {
    await open({ reveal: "interaction", autoplay: "", pace: "fast" });
    const done = vi.fn();
    element.addEventListener("done", done);
    await seen();
    expect(done).not.toHaveBeenCalled();
    await press();
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  });

  it("is wanted by a page that runs it", async () => {
    await open({ reveal: "interaction" });
    await element.step();
    await element.updateComplete;
    expect(isCovered()).toBe(false);
  });

  it("tells at once where nothing can compute", async () => {
    await open({ reveal: "interaction" });
    vi.stubGlobal("WebAssembly", undefined);
    vi.spyOn(navigator, "gpu", "get").mockReturnValue(undefined as unknown as GPU);
    element.device = "cpu";
    element.device = "auto";
    element.requestUpdate();
    await element.updateComplete;
    vi.unstubAllGlobals();
    expect(isCovered()).toBe(false);
    expect(all('[role="alert"]')[0]!.innerText).not.toBe("");
  });
});

describe("properties that a page may set", () => {
  it("reach the figure", async () => {
    await open({});
    const { style } = element;
    style.setProperty("--next-token-accent", "rgb(0, 90, 0)");
    style.setProperty("--next-token-radius", "0px");
    style.setProperty("--next-token-padding", "0px");
    style.setProperty("--next-token-border", "0");
    const [frame] = all(".frame");
    const { padding, borderTopWidth, borderTopLeftRadius } = getComputedStyle(frame!);
    expect([padding, borderTopWidth, borderTopLeftRadius]).toEqual(["0px", "0px", "0px"]);
    await element.step();
    await vi.waitFor(() => expect(all(".decided .chip").length).toBeGreaterThan(0));
    await vi.waitFor(() =>
      expect(getComputedStyle(all(".decided .chip")[0]!).backgroundColor).toBe("rgb(0, 90, 0)"),
    );
  });
});

describe("a box", () => {
  const sized = async (inlineSize: string) => {
    await open({});
    Object.assign(element.style, { display: "block", inlineSize });
    await element.step();
    await element.updateComplete;
    await vi.waitFor(() => expect(all("li.now").length).toBe(1));
  };
  const values = () => all("next-token-stations")[0]!.shadowRoot!.querySelectorAll<HTMLElement>(".value");
  const open7 = () => [...values()].filter((value) => value.checkVisibility()).length;

  it("of 300 pixels has one step open", async () => {
    await sized("300px");
    expect(open7()).toBe(1);
    element.reset();
    await element.updateComplete;
    await vi.waitFor(() => expect(all("li.now").length).toBe(0));
    expect([open7(), values()[0]!.checkVisibility()]).toEqual([1, true]);
    element.style.inlineSize = "340px";
    expect(open7()).toBe(7);
  });

  it("as wide as a slide has larger text, its own size being as the page has it", async () => {
    await sized("1700px");
    const size = (selector: string) => Number.parseFloat(getComputedStyle(all(selector)[0]!).fontSize);
    expect(size(".ask")).toBeCloseTo(1.375 * Number.parseFloat(getComputedStyle(element).fontSize), 3);
    expect(size("textarea")).toBeCloseTo(size(".ask"), 3);
    element.style.inlineSize = "1500px";
    expect(size(".ask")).toBeCloseTo(Number.parseFloat(getComputedStyle(element).fontSize), 3);
  });
});
