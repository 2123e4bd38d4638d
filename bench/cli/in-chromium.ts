import { type Browser, chromium } from "@playwright/test";
import { launchOptions } from "../../tools/browser.ts";
import type { BenchOptions, BenchResult } from "../measure/result.ts";
import type {} from "../page.ts"; // declares window.__bench

/** Launches the browser that the tests use; NEXT_TOKEN_ADAPTER=hardware takes the machine's own GPU. */
export function launch(): Promise<Browser> {
  return chromium.launch({ ...launchOptions(), timeout: 60_000 });
}

/** Runs `__bench(options)` in a fresh page at `url`, which starts with nothing in its cache. */
export async function benchInPage(
  browser: Browser,
  url: string,
  options: BenchOptions,
  onProgress: (what: string) => void,
): Promise<BenchResult> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.on("console", (message) => onProgress(message.text()));
    await page.goto(url);
    await page.waitForFunction(() => typeof window.__bench === "function");
    return await page.evaluate((given) => window.__bench(given), options);
  } finally {
    await context.close();
  }
}
