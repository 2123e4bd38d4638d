import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "./share-bar.ts";
import type { ShareBar } from "./share-bar.ts";

// In a browser, because only there is a clipboard and an element.

let bar: ShareBar;
let saved: { name: string; url: string }[];

beforeEach(async () => {
  saved = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, url: this.href });
  });
  bar = document.createElement("next-token-share") as ShareBar;
  document.body.append(bar);
  await bar.updateComplete;
});
afterEach(() => {
  bar.remove();
  vi.restoreAllMocks();
});

const button = (name: string) =>
  [...bar.renderRoot.querySelectorAll("button")].find(({ textContent }) => textContent.trim() === name)!;
const status = () => bar.renderRoot.querySelector('[role="status"]')!.textContent;
const told = (sentence: string) => vi.waitFor(() => expect(status()).toBe(sentence));
const press = async (name: string) => {
  await bar.updateComplete;
  button(name).click();
};
const contents = async (at: number) => (await fetch(saved[at]!.url)).text();

/** A clipboard that keeps what it is given, or refuses it. */
function clipboard(takes: boolean): string[] {
  const taken: string[] = [];
  vi.spyOn(navigator, "clipboard", "get").mockReturnValue({
    writeText: async (text: string) => {
      if (!takes) throw new DOMException("Write permission denied.", "NotAllowedError");
      taken.push(text);
    },
  } as Clipboard);
  return taken;
}

describe("copying", () => {
  it("takes the link and the text, and says so", async () => {
    const taken = clipboard(true);
    Object.assign(bar, { link: "https://a.example/#mask=none", text: "Hello, I am" });
    await press("Copy link");
    await told("Link copied.");
    await press("Copy text");
    await told("Text copied.");
    expect(taken).toEqual(["https://a.example/#mask=none", "Hello, I am"]);
    expect(bar.renderRoot.querySelector("textarea")).toBeNull();
  });

  it("says beside a link that it does not carry the file that is the model", async () => {
    const says = () =>
      bar.renderRoot.textContent.includes("names the file “<i>mine.safetensors” and does not carry it");
    Object.assign(bar, { file: "<i>mine.safetensors" });
    await bar.updateComplete;
    expect(says(), "where there is no link").toBe(false);
    bar.link = "https://a.example/#model=file%3Amine.safetensors";
    await bar.updateComplete;
    expect(says()).toBe(true);
    expect(bar.renderRoot.querySelector("i")).toBeNull();
  });

  it("offers no link on a page that does not follow it", async () => {
    expect(button("Copy link")).toBeUndefined();
    bar.link = "https://a.example/";
    await bar.updateComplete;
    expect(button("Copy link")).toBeDefined();
  });

  it("shows the text, selected, where the browser has no clipboard for it", async () => {
    clipboard(false);
    bar.text = "Hello,\nI am";
    await press("Copy text");
    await told("The browser does not let this page copy. The text is selected below.");
    const field = bar.renderRoot.querySelector("textarea")!;
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("Hello,\nI am");
    expect(bar.shadowRoot!.activeElement).toBe(field);
    expect(field.labels![0]!.textContent).toContain("To copy");
  });
});

describe("saving", () => {
  it("writes the trace when it is asked for, and not before", async () => {
    const trace = vi.fn(() => '{"format":"next-token-trace"}\n');
    bar.trace = trace;
    await bar.updateComplete;
    expect(trace).not.toHaveBeenCalled();
    await press("Save trace (JSON)");
    await told("The browser was asked to save next-token.json.");
    expect(saved[0]!.name).toBe("next-token.json");
    expect(await contents(0)).toBe('{"format":"next-token-trace"}\n');
  });

  it("writes the chart as SVG and as PNG", async () => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.style.cssText = "width: 8px; height: 4px";
    document.body.append(svg);
    bar.chart = () => svg;
    await press("Save picture (SVG)");
    await told("The browser was asked to save next-token.svg.");
    expect(await contents(0)).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    await press("Save picture (PNG)");
    await told("The browser was asked to save next-token.png.");
    const image = await createImageBitmap(await (await fetch(saved[1]!.url)).blob());
    expect([image.width, image.height]).toEqual([16, 8]);
    svg.remove();
  });

  it("says that there is no chart yet", async () => {
    bar.chart = () => null;
    await press("Save picture (SVG)");
    await told("There is no chart on the page yet. Generate a token first.");
    expect(saved).toEqual([]);
  });
});

it("does nothing where there is nothing to take", async () => {
  for (const name of ["Copy text", "Save trace (JSON)", "Save picture (SVG)", "Save picture (PNG)"]) {
    expect(button(name).getAttribute("aria-disabled")).toBe("true");
    await press(name);
  }
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(status()).toBe("");
  expect(saved).toEqual([]);
});

it("prints", async () => {
  const print = vi.spyOn(window, "print").mockImplementation(() => {});
  await press("Print");
  expect(print).toHaveBeenCalledOnce();
});

it("says so when the link is longer than an address may be", async () => {
  const said = () => bar.renderRoot.textContent.includes("longer than an address may be");
  bar.link = `https://a.example/#prompt=${"x".repeat(1000)}`;
  await bar.updateComplete;
  expect(said()).toBe(false);
  bar.link = `https://a.example/#prompt=${"x".repeat(2 ** 20)}`;
  await bar.updateComplete;
  expect(said()).toBe(true);
});
