import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "@playwright/test";
import { launchOptions } from "./browser.ts";

/** What the browser says about the GPU it would give us. */
export interface Adapter {
  vendor: string;
  architecture: string;
  description: string;
  isFallbackAdapter: boolean;
}

/** Asks the browser under test for a WebGPU adapter, from a page as a person would open it. Throws when none comes up. */
export async function findAdapter(): Promise<Adapter> {
  const browser = await chromium.launch({ ...launchOptions(), timeout: 60_000 });
  const server = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>adapter</title>");
  });
  try {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const adapter = await page.evaluate(requestAdapter);
    if (adapter) return adapter;
    throw new Error(
      `No WebGPU adapter came up in ${launchOptions().executablePath} (version ${browser.version()}), so nothing ` +
        "was tested. Set NEXT_TOKEN_BROWSER to a newer Chrome or Chromium and run npm test again.",
    );
  } finally {
    await browser.close();
    server.close();
  }
}

/** Runs in the page. A browser whose GPU process hangs answers neither yes nor no: half a minute is a no. */
async function requestAdapter(): Promise<Adapter | null> {
  const never = new Promise<null>((resolve) => setTimeout(resolve, 30_000, null));
  const adapter = await Promise.race([navigator.gpu?.requestAdapter() ?? null, never]);
  if (!adapter) return null;
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  return { vendor, architecture, description, isFallbackAdapter };
}
