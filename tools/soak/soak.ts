import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import type { Browser, CDPSession, Page } from "@playwright/test";
import { createServer, type Plugin } from "vite";
import { assembly } from "../assembly/plugin.ts";
import { end, live } from "./in-page.ts";

/** What the page holds, as the browser itself counts it after a garbage collection. */
interface Held {
  readonly buffers: number;
  readonly heap: number;
}

export interface Soaked {
  readonly tokens: number;
  /** GPU bytes in the accounting: with the model at rest before and after, and once the model is gone. */
  readonly bytes: { readonly before: number; readonly after: number; readonly gone: number };
  /** Live GPUBuffer objects, at the same moments. */
  readonly buffers: { readonly before: number; readonly after: number; readonly gone: number };
  /** What the JavaScript heap grows by, in bytes for each thousand tokens. */
  readonly heapSlope: number;
}

/** Parts into which a life is cut, so that the heap is seen more than once. */
const PARTS = 10;

const blankPage: Plugin = {
  name: "blank page",
  configureServer: ({ middlewares }) => {
    middlewares.use("/blank", (_, response) => {
      response.setHeader("content-type", "text/html");
      response.end('<!doctype html><title>Soak</title><link rel="icon" href="data:," />');
    });
  },
};

/** Lets a small model live through `tokens` tokens in a page of the source tree, and looks at what is left behind. */
export async function soak(browser: Browser, tokens: number, cacheDir: string): Promise<Soaked> {
  const vite = await createServer({
    root: resolve(import.meta.dirname, "../.."),
    configFile: false,
    cacheDir,
    logLevel: "error",
    optimizeDeps: { include: ["js-tiktoken/lite", "@noble/hashes/sha2.js", "@noble/hashes/utils.js"] },
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
    plugins: [blankPage, assembly()],
    worker: { format: "es", plugins: () => [assembly()] },
  });
  await vite.listen();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript("globalThis.__name = (made) => made"); // tsx calls it in the functions that it hands over
    await page.goto(`http://127.0.0.1:${(vite.httpServer!.address() as AddressInfo).port}/blank`);
    return await liveIn(page, await context.newCDPSession(page), tokens);
  } finally {
    await context.close();
    await vite.close();
  }
}

async function liveIn(page: Page, cdp: CDPSession, tokens: number): Promise<Soaked> {
  await page.evaluate(live, 1); // what is made once for all: pipelines, caches of the device
  const before = await held(cdp);
  const seen: { tokens: number; heap: number }[] = [{ tokens: 0, heap: before.heap }];
  let made = 0;
  let bytes: { before: number; after: number } | undefined;
  while (made < tokens) {
    const rounds = await page.evaluate(live, Math.ceil(tokens / PARTS));
    made += rounds.at(-1)!.tokens;
    bytes = { before: bytes?.before ?? rounds[0]!.liveBytes, after: rounds.at(-1)!.liveBytes };
    seen.push({ tokens: made, heap: (await held(cdp)).heap });
  }
  const after = await held(cdp);
  const goneBytes = await page.evaluate(end);
  const gone = await held(cdp);
  return {
    tokens: made,
    bytes: { ...bytes!, gone: goneBytes },
    buffers: { before: before.buffers, after: after.buffers, gone: gone.buffers },
    heapSlope: 1000 * slope(seen.map(({ tokens, heap }) => [tokens, heap])),
  };
}

/** GPUBuffer objects that anything still refers to, and the bytes of the heap. */
async function held(cdp: CDPSession): Promise<Held> {
  for (let i = 0; i < 3; i++) await cdp.send("HeapProfiler.collectGarbage"); // finalizers free more
  const objectGroup = "soak";
  const { result } = await cdp.send("Runtime.evaluate", { expression: "GPUBuffer.prototype", objectGroup });
  const prototypeObjectId = result.objectId!;
  const { objects } = await cdp.send("Runtime.queryObjects", { prototypeObjectId, objectGroup });
  const { result: count } = await cdp.send("Runtime.callFunctionOn", {
    objectId: objects.objectId!,
    functionDeclaration: "function () { return this.length; }",
    returnByValue: true,
  });
  await cdp.send("Runtime.releaseObjectGroup", { objectGroup });
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  return { buffers: count.value, heap: usedSize };
}

/** Of the line through `points` that fits best. */
function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [atX, atY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = mean(points.map(([x, y]) => (x - atX) * (y - atY)));
  return covariance / mean(points.map(([x]) => (x - atX) ** 2));
}
