import { afterEach, beforeEach, expect, it, vi } from "vitest";
import "./bug-report.ts";
import type { BugReport } from "./bug-report.ts";

// In a browser, because only there is a clipboard and an element.

let report: BugReport;
beforeEach(async () => {
  report = document.createElement("next-token-bug-report") as BugReport;
  report.text = "Browser: X\nKernels: Y";
  document.body.append(report);
  await report.updateComplete;
});
afterEach(() => {
  report.remove();
  vi.restoreAllMocks();
});

const field = () => report.renderRoot.querySelector("textarea")!;
const press = () => report.renderRoot.querySelector("button")!.click();
const told = (sentence: string) =>
  vi.waitFor(() => expect(report.renderRoot.querySelector("[aria-live]")!.textContent).toBe(sentence));

it("is read before it is copied", async () => {
  expect([field().value, field().readOnly]).toEqual([report.text, true]);
  const writeText = vi.fn(async () => {});
  vi.spyOn(navigator, "clipboard", "get").mockReturnValue({ writeText } as unknown as Clipboard);
  press();
  await told("Copied.");
  expect(writeText).toHaveBeenCalledExactlyOnceWith(report.text);
});

it("is selected where the browser copies nothing", async () => {
  const writeText = () => Promise.reject(new DOMException("Write permission denied.", "NotAllowedError"));
  vi.spyOn(navigator, "clipboard", "get").mockReturnValue({ writeText } as unknown as Clipboard);
  press();
  await told("The browser does not let this page copy. Press Ctrl+C or ⌘C.");
  expect(report.shadowRoot!.activeElement).toBe(field());
  expect(field().selectionEnd - field().selectionStart).toBe(report.text.length);
});
