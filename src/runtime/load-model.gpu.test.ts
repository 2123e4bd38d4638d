import { afterEach, expect, it, vi } from "vitest";
import { sharedEngine } from "../gpu/engine.ts";
import { expectLiveBytes, tiny } from "../test/models.ts";
import { seededWeights } from "../weights/seeded.ts";
import type { WeightSource } from "../weights/weight-source.ts";
import { GPTModel } from "./model-handle.ts";
import { loadModel } from "./load-model.ts";

// In this order: the known answer is asked for until it was given once.

afterEach(async () => {
  vi.restoreAllMocks();
  await expectLiveBytes(await sharedEngine(), 0);
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
  const model = loadModel(
    GPTModel,
    "endless",
    () => endless(open),
    { mask: "causal", signal },
    () => ({}),
  );
  model.catch(() => {}); // looked at later
  return { model, waiting };
}

it("a GPU that computes wrongly is told of at once, and the weights are stopped", async () => {
  const wrong = new Error("wrong");
  const { open, opened } = gate();
  vi.spyOn(GPTModel.prototype, "startDecoding").mockImplementationOnce(async () => {
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
  const { startDecoding } = GPTModel.prototype;
  vi.spyOn(GPTModel.prototype, "startDecoding").mockImplementationOnce(async function (
    this: GPTModel,
    options,
  ) {
    await opened;
    return startDecoding.call(this, options);
  });
  const stop = new AbortController();
  const { model: coming, waiting } = loadEndless(stop.signal);
  const { open: arrive, opened: arrived } = gate();
  const here = GPTModel.fromSeed(tiny.seed, tiny.config, {
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
