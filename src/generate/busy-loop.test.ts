import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Answers } from "../gpu/answers.ts";
import { STEPS_IN_FLIGHT } from "../runtime/decode-context.ts";
import type { ModelHandle } from "../runtime/model-handle.ts";
import { DEAF, FIREFOX, type Manner, PROMPT, SimulatedGpu, simulateTime } from "../test/simulated-gpu.ts";
import { generate } from "./generate.ts";

// The loop on a simulated GPU, in browsers that tell of its work each in its own manner.

beforeEach(simulateTime);
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const RUN_MS = 10_000;
const config = { vocab_size: 2, context_length: 1 << 20 };

/** Tokens a second that a caller gets who takes `consumerMs` for each, and the most work that was ahead of it. */
async function run(manner: Manner, stepMs: number, consumerMs = 0) {
  const device = new SimulatedGpu(manner);
  const answers = new Answers(device as unknown as GPUDevice);
  const measured = answers.measure();
  await vi.advanceTimersByTimeAsync(1000);
  await measured;
  const step = () => answers.wait(device.work(stepMs)).then(() => ({ ids: [0], top: [[]] }));
  const decoding = { prefill: step, next: step, destroy: async () => {} };
  const model = { config, mask: "causal", check() {}, startDecoding: async () => decoding };
  const start = performance.now();
  let tokens = 0;
  const loop = (async () => {
    for await (const _ of generate(model as unknown as ModelHandle, [[0]], { maxNewTokens: 100_000 })) {
      if (performance.now() - start >= RUN_MS) break;
      tokens++;
      if (consumerMs > 0) await new Promise((resolve) => setTimeout(resolve, consumerMs));
    }
  })();
  await vi.advanceTimersByTimeAsync(RUN_MS + 1000);
  await loop;
  return { rate: tokens / (RUN_MS / 1000), mostAhead: device.mostAhead, nudges: device.nudges };
}

describe.each([1, 9, 150])("steps of %d ms", (stepMs) => {
  describe.each([0, 5])("and a caller that takes %d ms a token", (consumerMs) => {
    const possible = 1000 / Math.max(stepMs, consumerMs);

    it("run at 90 % of what the card can do in Firefox", async () => {
      const { rate } = await run(FIREFOX, stepMs, consumerMs);
      expect(rate).toBeGreaterThan(0.9 * possible);
      expect(rate).toBeLessThan(1.1 * possible);
    });

    it("run at 90 % of what so many in flight can do where nudges do not help", async () => {
      const { rate } = await run(DEAF, stepMs, consumerMs);
      const ofTheBrowser = STEPS_IN_FLIGHT / (DEAF.pollMs! / 1000);
      expect(rate).toBeGreaterThan(0.9 * Math.min(possible, ofTheBrowser));
    });

    it("run at 97 % where answers come at once, without a nudge", async () => {
      const { rate, nudges } = await run(PROMPT, stepMs, consumerMs);
      expect(rate).toBeGreaterThan(0.97 * possible);
      expect(nudges).toBe(0);
    });
  });

  it.each([FIREFOX, DEAF, PROMPT])("are never far ahead of the caller: %j", async (manner) => {
    const { mostAhead } = await run(manner, stepMs);
    expect(mostAhead).toBeLessThanOrEqual(Math.max(2 * stepMs, 2 * (manner.pollMs ?? 55)));
  });
});
