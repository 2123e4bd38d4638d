import { afterEach, expect, it, vi } from "vitest";
import "../next-token.ts";
import type { NextToken } from "../next-token.ts";

// In a browser, because only there do language and direction reach an element from the page around it.

afterEach(() => {
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

/** The element on a page in Arabic, in a browser without WebGPU. */
async function onArabicPage() {
  vi.spyOn(navigator, "gpu", "get").mockReturnValue(undefined as unknown as GPU);
  const page = document.createElement("div");
  page.lang = "ar";
  page.dir = "rtl";
  page.addEventListener("error", (event) => event.stopPropagation()); // that there is no WebGPU
  const element = document.createElement("next-token") as NextToken;
  element.device = "gpu"; // which is not there, so that what stands between the tags is shown
  const content = document.createElement("p");
  content.textContent = "تجربة";
  element.append(content);
  page.append(element);
  document.body.append(page);
  await element.updateComplete;
  return { element, content, inside: (selector: string) => element.renderRoot.querySelector(selector)! };
}

it("what the element draws is English, from left to right, on any page", async () => {
  const { inside } = await onArabicPage();
  const drawn = ["next-token-stations", "next-token-models", "next-token-panels", "next-token-handout"];
  for (const selector of [...drawn, ".ask"]) {
    expect(getComputedStyle(inside(selector)).direction, selector).toBe("ltr");
    expect(inside(selector).closest("[lang]")?.getAttribute("lang"), selector).toBe("en");
  }
});

it("the page's own content stays as the page has it", async () => {
  const { content } = await onArabicPage();
  expect(content.getClientRects().length).toBeGreaterThan(0);
  expect(content.assignedSlot!.closest("[lang]")).toBeNull();
  expect(getComputedStyle(content).direction).toBe("rtl");
});

it("a prompt runs as its own letters do", async () => {
  const { element, inside } = await onArabicPage();
  const rows = inside("next-token-prompts") as NextToken;
  await rows.updateComplete;
  const editor = rows.renderRoot.querySelector("next-token-prompt") as NextToken;
  const textarea = () => editor.renderRoot.querySelector("textarea")!;
  element.prompt = "مرحبا";
  await vi.waitFor(() => expect(textarea().value).toBe("مرحبا"));
  expect(getComputedStyle(textarea()).direction).toBe("rtl");
  element.prompt = "Hello";
  await vi.waitFor(() => expect(textarea().value).toBe("Hello"));
  expect(getComputedStyle(textarea()).direction).toBe("ltr");
});
