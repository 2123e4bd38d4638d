import { afterEach, expect, it, vi } from "vitest";
import { sharedGpu } from "../gpu/shared-gpu.ts";
import { expectLiveBytes, tiny } from "../test/models.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import type { WeightSource } from "../weights/weight-source.ts";
import { DecodeContext } from "./decode-context.ts";
import { loadWeights } from "./load-weights.ts";
import { ModelHandle } from "./model-handle.ts";

// In this order: the known answer is asked for until it was given once.

afterEach(async () => {
  vi.restoreAllMocks();
  await expectLiveBytes(await sharedGpu(), 0);
});

function gate(): { open: () => void; opened: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** The weights of `tiny`, with one more chunk to come that never does. */
function endless(onWait: () => void): WeightSource {
  const source = seededWeights(tiny.seed, tiny.config);
  return {
    config: source.config,
    totalBytes: source.totalBytes + 1,
    async *chunks(signal) {
      yield* source.chunks(signal);
      onWait();
      await new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(new Error("stopped")));
      });
    },
  };
}

/** Starts to load a model whose weights never end; `waiting` resolves once the last chunk is asked for. */
function loadEndless(signal?: AbortSignal) {
  const { open, opened: waiting } = gate();
  const model = loadWeights("auto", {
    key: "endless",
    open: () => endless(open),
    options: { signal },
    examine: () => {},
  });
  model.catch(() => {}); // looked at later
  return { model, waiting };
}

it("a GPU that computes wrongly is told of at once, and the weights are stopped", async () => {
  const wrong = new Error("wrong");
  const { open, opened } = gate();
  vi.spyOn(DecodeContext, "open").mockImplementationOnce(async () => {
    await opened;
    throw wrong;
  });
  const { model, waiting } = loadEndless();
  await waiting;
  open();
  await expect(model).rejects.toBe(wrong);
});

it("who stops is released while the known answer is still out, and so are the weights", async () => {
  const { open, opened } = gate();
  const start = DecodeContext.open;
  vi.spyOn(DecodeContext, "open").mockImplementationOnce(async (model, options) => {
    await opened;
    return start(model, options);
  });
  const stop = new AbortController();
  const { model: coming, waiting } = loadEndless(stop.signal);
  const { open: arrive, opened: arrived } = gate();
  const here = ModelHandle.fromSeed(tiny.seed, tiny.config, {
    signal: stop.signal,
    onProgress: ({ loaded, total }) => loaded === total && arrive(),
  });
  await Promise.all([waiting, arrived]);
  stop.abort();
  const aborted = { name: "NextTokenError", code: "aborted" };
  await expect(coming).rejects.toMatchObject(aborted);
  await expect(here).rejects.toMatchObject(aborted);
  open();
});
