import { type Browser, chromium, type Page } from "@playwright/test";
import { launchOptions } from "../../tools/browser.ts";
import type { LadderSubject, LaddersResult } from "../ladder/result.ts";
import type { BenchOptions, BenchResult } from "../measure/result.ts";
import type {} from "../page.ts"; // declares window.__bench

/** Launches the browser that the tests use; NEXT_TOKEN_ADAPTER=hardware takes the machine's own GPU. */
export function launch(): Promise<Browser> {
  return chromium.launch({ ...launchOptions(), timeout: 60_000 });
}

/** Runs `__bench(options)` in a fresh page at `url`, which starts with nothing in its cache. */
export const benchInPage = (
  browser: Browser,
  url: string,
  options: BenchOptions,
  onProgress: (what: string) => void,
): Promise<BenchResult> =>
  inFreshPage(browser, url, onProgress, (page) => page.evaluate((given) => window.__bench(given), options));

/** Runs `__ladder()` in a fresh page. */
export const ladderInPage = (
  browser: Browser,
  url: string,
  about: readonly LadderSubject[],
  onProgress: (what: string) => void,
): Promise<LaddersResult> =>
  inFreshPage(browser, url, onProgress, (page) => page.evaluate((about) => window.__ladder(about), about));

async function inFreshPage<T>(
  browser: Browser,
  url: string,
  onProgress: (what: string) => void,
  run: (page: Page) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.on("console", (message) => onProgress(message.text()));
    await page.goto(url);
    await page.waitForFunction(() => typeof window.__bench === "function");
    return await run(page);
  } finally {
    await context.close();
  }
}
