import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEAF, FIREFOX, PROMPT, SimulatedGpu, simulateTime } from "../test/simulated-gpu.ts";
import { Answers } from "./answers.ts";

beforeEach(simulateTime);
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function open(manner = FIREFOX) {
  const gpu = new SimulatedGpu(manner);
  const answers = new Answers(gpu as unknown as GPUDevice);
  const measured = answers.measure();
  await vi.advanceTimersByTimeAsync(1000);
  await measured;
  return { gpu, answers };
}

/** Milliseconds until the promise settles. */
async function timeOf(promise: Promise<unknown>): Promise<number> {
  const start = performance.now();
  let end: number | undefined;
  const note = () => {
    end = performance.now();
  };
  promise.then(note, note);
  while (end === undefined) await vi.advanceTimersByTimeAsync(1);
  return end - start;
}

describe("a browser that looks every 103 ms, and when something is submitted", () => {
  it.each([0, 1, 9, 60, 250])("is nudged while work of %d ms is awaited, and then no more", async (ms) => {
    const { gpu, answers } = await open();
    expect(await timeOf(answers.wait(gpu.work(ms)))).toBeLessThanOrEqual(ms + 3);
    const { nudges } = gpu;
    await vi.advanceTimersByTimeAsync(2000);
    expect(gpu.nudges).toBe(nudges);
  });

  it("is found out wherever its clock stands", async () => {
    for (let phase = 0; phase < 103; phase += 6) {
      const gpu = new SimulatedGpu(FIREFOX);
      await vi.advanceTimersByTimeAsync(phase);
      const answers = new Answers(gpu as unknown as GPUDevice);
      expect(await timeOf(answers.measure())).toBeLessThan(70);
      expect(await timeOf(answers.wait(gpu.work(5)))).toBeLessThanOrEqual(8);
    }
  });

  it("is nudged by one loop, however many wait", async () => {
    const { gpu, answers } = await open();
    const before = gpu.nudges;
    const waits = Array.from({ length: 20 }, () => answers.wait(gpu.work(2)));
    await timeOf(Promise.all(waits));
    expect(gpu.nudges - before).toBeLessThanOrEqual(43);
  });

  it("is left alone after a second without an answer, until somebody waits anew", async () => {
    const { gpu, answers } = await open();
    const before = gpu.nudges;
    const long = answers.wait(gpu.work(3000));
    await vi.advanceTimersByTimeAsync(1100);
    const { nudges } = gpu;
    expect(nudges).toBeGreaterThan(before);
    await vi.advanceTimersByTimeAsync(1500);
    expect(gpu.nudges).toBe(nudges);
    await timeOf(long);
    expect(await timeOf(answers.wait(gpu.work(9)))).toBeLessThanOrEqual(12);
  });

  it("is left alone once the device is lost", async () => {
    const { gpu, answers } = await open();
    answers.wait(gpu.work(500));
    await vi.advanceTimersByTimeAsync(20);
    gpu.lose();
    await vi.advanceTimersByTimeAsync(1);
    const { nudges } = gpu;
    await vi.advanceTimersByTimeAsync(2000);
    expect(gpu.nudges).toBe(nudges);
  });
});

describe("a browser that tells at once", () => {
  it("gets no submission of ours, though the work takes long", async () => {
    const { gpu, answers } = await open(PROMPT);
    expect(await timeOf(answers.wait(gpu.work(500)))).toBe(500);
    expect(gpu.nudges).toBe(0);
  });

  it("is not taken for a slow one because of one hiccup", async () => {
    const gpu = new SimulatedGpu(PROMPT);
    gpu.work(35);
    const answers = new Answers(gpu as unknown as GPUDevice);
    await timeOf(answers.measure());
    const { nudges } = gpu;
    await timeOf(answers.wait(gpu.work(500)));
    expect(gpu.nudges).toBe(nudges);
  });
});

it("does not nudge where that does not help", async () => {
  const { gpu, answers } = await open(DEAF);
  const { nudges } = gpu;
  await timeOf(answers.wait(gpu.work(9)));
  expect(gpu.nudges).toBe(nudges);
});

it("rejects as the answer does", async () => {
  const { answers } = await open();
  await expect(answers.wait(Promise.reject(new Error("own")))).rejects.toThrow("own");
});
