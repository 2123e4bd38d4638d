/**
 * A small model lives through many tokens in Chromium, in all the ways in which text is generated:
 *
 *     npm run soak                 20,000 tokens
 *     npm run soak -- 1000
 *
 * Prints what is left behind. Fails unless the accounting of GPU bytes and the number of live GPUBuffers are what they were
 * at the start, and nothing once the model is gone. docs/reliability.md holds the last result.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { findAdapter } from "./adapter.ts";
import { launchOptions } from "./browser.ts";
import { soak } from "./soak/soak.ts";

const tokens = Number(process.argv[2] ?? 20_000);
const { description, architecture } = await findAdapter();
const cacheDir = mkdtempSync(join(tmpdir(), "soak-"));
const browser = await chromium.launch(launchOptions());
try {
  const started = performance.now();
  const { tokens: made, bytes, buffers, heapSlope } = await soak(browser, tokens, cacheDir);
  const seconds = (performance.now() - started) / 1000;
  console.log(`${description || architecture}, ${new Date().toISOString().slice(0, 10)}`);
  console.log(`${made} tokens in ${seconds.toFixed(0)} s`);
  console.log(
    `GPU bytes in the accounting: ${bytes.before}, then ${bytes.after}, without the model ${bytes.gone}`,
  );
  console.log(`live GPUBuffers: ${buffers.before}, then ${buffers.after}, without the model ${buffers.gone}`);
  console.log(`JavaScript heap: ${heapSlope.toFixed(0)} bytes more for each 1,000 tokens`);
  const isClean =
    bytes.after === bytes.before &&
    bytes.gone === 0 &&
    buffers.after === buffers.before &&
    buffers.gone === 0;
  if (!isClean) {
    console.error("Something was left behind.");
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  rmSync(cacheDir, { recursive: true });
}
