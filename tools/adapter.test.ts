import { chromium } from "@playwright/test";
import { expect, test, vi } from "vitest";
import { findAdapter } from "./adapter.ts";

test("where no browser starts nothing is left that would keep the process", async () => {
  const listening = () => process.getActiveResourcesInfo().filter((what) => what === "TCPServerWrap").length;
  const before = listening();
  const launch = vi.spyOn(chromium, "launch").mockRejectedValue(new Error("It does not start."));
  await expect(findAdapter()).rejects.toThrow("It does not start.");
  expect(listening()).toBe(before);
  launch.mockRestore();
});
