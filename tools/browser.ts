import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

const systemBrowsers = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The Chromium to test with: NEXT_TOKEN_BROWSER, Playwright's own, or one of the system; undefined if there is none. */
export function findChromium(): string | undefined {
  const candidates = [process.env.NEXT_TOKEN_BROWSER, chromium.executablePath(), ...systemBrowsers];
  return candidates.find((path) => path && existsSync(path));
}
