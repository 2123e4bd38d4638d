import type { Page } from "@playwright/test";

export type Precision = "f32" | "f16" | "int8";

/** What a load took, and what the model then said. */
export interface Loaded {
  readonly seconds: number;
  readonly ids: number[][];
  readonly verified: string;
}

interface Asked {
  /** Undefined: the file that was given to the page's file input. */
  readonly url: string | undefined;
  readonly precision: Precision;
  readonly n_heads: number;
  readonly idx: number[][];
  readonly newTokens: number;
}

/** Loads a checkpoint in the page, has it generate, and lets go of it. */
export function loadAndGenerate(page: Page, asked: Asked): Promise<Loaded> {
  return page.evaluate(async ({ url, precision, n_heads, idx, newTokens }) => {
    const address = "/src/index.ts"; // served by Vite; a constant here would be looked for on the disk
    const { GPTModel, generateTextSimple } = (await import(address)) as typeof import("../../src/index.ts");
    const source = url ?? document.querySelector("input")!.files![0]!;
    const started = performance.now();
    const model = await GPTModel.fromCheckpoint(source, { config: { n_heads }, precision });
    const seconds = (performance.now() - started) / 1000;
    const ids = await generateTextSimple(model, idx, newTokens, model.config.context_length);
    const { verified } = model;
    model.destroy();
    return { seconds, ids, verified };
  }, asked);
}

/** How often the memory is looked at, in milliseconds. */
const EVERY = 20;

/** The most bytes of heap and array buffers that the page has while `work` runs, beyond those it has before. */
export async function withPeak<T>(page: Page, work: () => Promise<T>): Promise<{ result: T; peak: number }> {
  const session = await page.context().newCDPSession(page);
  const used = async () => {
    const usage: { usedSize: number; backingStorageSize?: number } =
      await session.send("Runtime.getHeapUsage");
    return usage.usedSize + (usage.backingStorageSize ?? Number.NaN);
  };
  await session.send("HeapProfiler.collectGarbage");
  const before = await used();
  let peak = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(peak, (await used()) - before);
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  })();
  try {
    return { result: await work(), peak };
  } finally {
    isOver = true;
    await watching;
    await session.detach();
  }
}
