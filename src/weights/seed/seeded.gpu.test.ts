import { afterEach, describe, expect, test, vi } from "vitest";
import { GPT_CONFIG_124M, type GPTConfig } from "../../config.ts";
import { fingerprints } from "../../test/fingerprints.ts";
import { seededWeights } from "./seeded.ts";

/** Enough batches that workers are worth their start, and normals whose last 16 are drawn anew. */
const config: GPTConfig = { ...GPT_CONFIG_124M, vocab_size: 8191, emb_dim: 333, n_heads: 9, n_layers: 7 };

/** Every worker that is started while `run` runs, with what became of it. */
async function withWorkersWatched<T>(run: () => Promise<T>) {
  const workers: { terminated: boolean }[] = [];
  class WatchedWorker extends Worker {
    readonly #watch = { terminated: false };
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      workers.push(this.#watch);
    }
    override terminate(): void {
      this.#watch.terminated = true;
      super.terminate();
    }
  }
  vi.stubGlobal("Worker", WatchedWorker);
  const result = await run().catch((error: unknown) => error);
  return { result, workers };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

/** The weights as they come where there are no workers. */
async function withoutWorkers() {
  vi.stubGlobal("Worker", undefined);
  const prints = await fingerprints(seededWeights(123, config));
  vi.unstubAllGlobals();
  return prints;
}

/** Sums of a tensor add up in the order in which its chunks arrive, so in f64 their last bits differ. */
const comparable = (prints: Awaited<ReturnType<typeof fingerprints>>) =>
  prints.map(({ sum, sum_sq, ...print }) => ({
    ...print,
    sum: expect.closeTo(sum, 9),
    sum_sq: expect.closeTo(sum_sq, 6),
  }));

describe("weights made in workers", () => {
  test.each([1, 2, 3, 4, 16])("on %i cores are those made without", async (cores) => {
    vi.stubGlobal("navigator", { hardwareConcurrency: cores });
    const source = seededWeights(123, config);
    const { result, workers } = await withWorkersWatched(() => fingerprints(source));
    expect(workers).toEqual(new Array(Math.min(cores, 4)).fill({ terminated: true }));
    expect(source.peakBytes).toBeLessThanOrEqual(64e6);
    expect(result).toEqual(comparable(await withoutWorkers()));
  });

  // Another program on the machine may slow one run down, but hardly three.
  test("the 124M model: at most 64 MB in memory, no task above 50 ms on this thread", {
    retry: 2,
  }, async () => {
    const longTasks: number[] = [];
    const observer = new PerformanceObserver((list) =>
      longTasks.push(...list.getEntries().map((e) => e.duration)),
    );
    observer.observe({ type: "longtask" });
    const source = seededWeights(123, GPT_CONFIG_124M);
    let bytes = 0;
    const { workers } = await withWorkersWatched(async () => {
      for await (const { data } of source.chunks()) bytes += data.byteLength;
    });
    longTasks.push(...observer.takeRecords().map((e) => e.duration));
    observer.disconnect();
    expect(workers.length).toBeGreaterThan(0);
    expect(bytes).toBe(source.totalBytes);
    expect(source.peakBytes).toBeLessThanOrEqual(64e6);
    expect(longTasks).toEqual([]);
  });

  test("no more memory is in use than is counted", async () => {
    const source = seededWeights(123, GPT_CONFIG_124M);
    let allocated = 0;
    class CountedBuffer extends ArrayBuffer {
      constructor(bytes: number) {
        super(bytes);
        allocated += bytes;
      }
    }
    vi.stubGlobal("ArrayBuffer", CountedBuffer);
    let chunks = 0;
    const first: Float32Array[] = [];
    for await (const { data } of source.chunks()) {
      if (chunks++ === 0) first.push(data);
      else if (chunks > 20) break;
    }
    expect(allocated).toBe(source.peakBytes);
    expect(first[0].length).toBe(0); // its memory has gone back to a worker
  });

  test("end with the signal, even while a worker is waited for", async () => {
    const controller = new AbortController();
    const { result, workers } = await withWorkersWatched(async () => {
      for await (const _ of seededWeights(123, GPT_CONFIG_124M).chunks(controller.signal)) {
        setTimeout(() => controller.abort());
      }
    });
    expect(result).toMatchObject({ code: "aborted" });
    expect(workers.length).toBeGreaterThan(0);
    expect(workers.every(({ terminated }) => terminated)).toBe(true);
  });

  test("end when the loop is left", async () => {
    const { workers } = await withWorkersWatched(async () => {
      for await (const _ of seededWeights(123, GPT_CONFIG_124M).chunks()) break;
    });
    expect(workers.length).toBeGreaterThan(0);
    expect(workers.every(({ terminated }) => terminated)).toBe(true);
  });
});

describe("where the page's policy forbids workers, the same weights are made without", () => {
  test("and the constructor throws", async () => {
    vi.stubGlobal(
      "Worker",
      class {
        constructor() {
          throw new DOMException("blocked by the Content Security Policy", "SecurityError");
        }
      },
    );
    const prints = await fingerprints(seededWeights(123, config));
    expect(prints).toEqual(await withoutWorkers());
  });

  test("and the worker reports an error", async () => {
    class BlockedWorker extends EventTarget {
      onerror: ((event: Event) => void) | undefined;
      constructor() {
        super();
        setTimeout(() => this.onerror?.(new Event("error")));
      }
      terminate() {}
    }
    vi.stubGlobal("Worker", BlockedWorker);
    const prints = await fingerprints(seededWeights(123, config));
    expect(prints).toEqual(await withoutWorkers());
  });
});
