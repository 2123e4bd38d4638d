import { createServer } from "node:net";
import { defineConfig } from "@playwright/test";
import { launchOptions } from "./tools/browser.ts";

// This file is read again in each worker, which inherits the environment: the port is chosen once.
process.env.NEXT_TOKEN_E2E_PORT ??= await freePort();
const baseURL = `http://127.0.0.1:${process.env.NEXT_TOKEN_E2E_PORT}/`;

/** The page as a person uses it: what `npm run build` wrote to dist/, served as it is. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "*.spec.ts", // what runs in Firefox is Vitest's
  outputDir: "test-results",
  forbidOnly: true,
  workers: 2, // the software adapter takes every processor, but a page also waits: for frames, timers, servers
  timeout: 120_000,
  globalTimeout: 30 * 60_000, // twice what it takes; ends by itself, browser and server too, before tools/test.ts would end it
  expect: {
    timeout: 60_000,
    toHaveScreenshot: { maxDiffPixelRatio: 0.005, animations: "disabled", caret: "hide" },
  },
  snapshotPathTemplate: "{testDir}/looks/{arg}{ext}", // pictures of one browser, whatever the platform calls itself
  // What is kept for when there is no network would stand between a test and the server: only e2e/offline.spec.ts wants it.
  use: { baseURL, launchOptions: launchOptions(), serviceWorkers: "block" },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --port ${process.env.NEXT_TOKEN_E2E_PORT} --strictPort`,
    url: baseURL,
    timeout: 30_000,
  },
});

function freePort(): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? String(address.port) : "";
      server.close(() => resolve(port));
    });
  });
}
