import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { findFirefox, gpuEnvironment, whatIsMissing } from "./firefox.ts";

const root = realpathSync(mkdtempSync(join(tmpdir(), "firefox-")));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** An empty file in a folder of `root`. */
function file(...path: string[]): string {
  const folder = join(root, ...path.slice(0, -1));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, path.at(-1)!), "");
  return join(folder, path.at(-1)!);
}

test("the Firefox named by NEXT_TOKEN_FIREFOX comes before all others, and is refused where it does not run", () => {
  vi.stubEnv("NEXT_TOKEN_FIREFOX", process.execPath); // anything that can tell its version
  expect(findFirefox()).toBe(process.execPath);
  const nowhere = join(root, "no-such-browser");
  vi.stubEnv("NEXT_TOKEN_FIREFOX", nowhere);
  expect(findFirefox).toThrow(`NEXT_TOKEN_FIREFOX is "${nowhere}"`);
});

test.runIf(process.platform === "linux")("a Firefox of the system is found on the path", () => {
  vi.stubEnv("NEXT_TOKEN_FIREFOX", "");
  const firefox = file("path", "firefox");
  writeFileSync(firefox, "#!/bin/sh\n");
  chmodSync(firefox, 0o755);
  vi.stubEnv("PATH", join(root, "path"));
  expect(findFirefox()).toBe(firefox);
  vi.stubEnv("PATH", root);
  expect(findFirefox()).toBeUndefined();
});

test.runIf(process.platform === "linux")("the software GPU lies beside the Chromium that is meant", () => {
  vi.stubEnv("NEXT_TOKEN_ADAPTER", "");
  vi.stubEnv("LD_LIBRARY_PATH", "/of/mine");
  const beside = file("chrome", "vk_swiftshader_icd.json");
  const expected = { LD_LIBRARY_PATH: `${join(root, "chrome")}:/of/mine`, VK_ICD_FILENAMES: beside };
  const chrome = file("chrome", "chrome");
  expect(gpuEnvironment(chrome)).toEqual(expected);
  symlinkSync(chrome, join(root, "google-chrome"));
  expect(gpuEnvironment(join(root, "google-chrome"))).toEqual(expected);

  // What Debian puts on the path is a script of the same name as the folder of the libraries.
  const debian = file("usr", "lib", "chromium", "vk_swiftshader_icd.json");
  expect(gpuEnvironment(file("usr", "bin", "chromium"))?.VK_ICD_FILENAMES).toBe(debian);
  expect(gpuEnvironment(file("elsewhere", "chromium"))).toBeUndefined();
});

test("with the machine's own GPU Firefox needs nothing", () => {
  vi.stubEnv("NEXT_TOKEN_ADAPTER", "hardware");
  expect(gpuEnvironment(file("elsewhere", "chromium"))).toEqual({});
  expect(whatIsMissing("/usr/bin/firefox")).toBeUndefined();
});

test("without a Firefox there is a sentence that says what to do", () => {
  expect(whatIsMissing(undefined)).toContain("Install Firefox");
});
