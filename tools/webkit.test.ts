import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { findWebKit, whyNoWebKit } from "./webkit.ts";

const folder = mkdtempSync(join(tmpdir(), "webkit-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

test("without its driver on the path, there is none, and a sentence says what to install", () => {
  vi.stubEnv("PATH", folder);
  expect(findWebKit()).toBeUndefined();
  expect(whyNoWebKit(undefined)).toMatch(
    process.platform === "linux" ? /webkit2gtk-driver and xvfb/ : /on Linux alone/,
  );
});

test.runIf(process.platform === "linux")("the driver alone is not enough", () => {
  const driver = join(folder, "WebKitWebDriver");
  writeFileSync(driver, "#!/bin/sh\n");
  chmodSync(driver, 0o755);
  vi.stubEnv("PATH", folder);
  expect(findWebKit()).toBeUndefined(); // it needs a display, too
  rmSync(driver);
});

test("one that was found is not missed", () => {
  expect(whyNoWebKit({ driver: "a", browser: "b", display: "c" })).toBeUndefined();
});
