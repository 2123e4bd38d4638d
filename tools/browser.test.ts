import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { findChromium } from "./browser.ts";
import { chromiumFlags } from "./chromium-flags.ts";

afterEach(() => vi.unstubAllEnvs());

test("the browser named by NEXT_TOKEN_BROWSER comes before all others", () => {
  vi.stubEnv("NEXT_TOKEN_BROWSER", process.execPath); // anything that can tell its version
  expect(findChromium()).toBe(process.execPath);
});

test("a named browser that does not run is refused, not replaced", () => {
  const nowhere = join(import.meta.dirname, "no-such-browser");
  vi.stubEnv("NEXT_TOKEN_BROWSER", nowhere);
  expect(findChromium).toThrow(`NEXT_TOKEN_BROWSER is "${nowhere}"`);
});

test("the adapter is SwiftShader unless the machine's own is asked for", () => {
  vi.stubEnv("NEXT_TOKEN_ADAPTER", "");
  expect(chromiumFlags()).toContain("--use-webgpu-adapter=swiftshader");
  vi.stubEnv("NEXT_TOKEN_ADAPTER", "hardware");
  expect(chromiumFlags()).not.toContain("--use-webgpu-adapter=swiftshader");
});
