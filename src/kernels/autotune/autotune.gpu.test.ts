import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Gpu } from "../../gpu/gpu.ts";
import { openGpu } from "../../gpu/open-gpu.ts";
import { skipWithoutSubgroups } from "../../test/subgroups.ts";
import { attentionVariants } from "../flash-attention.ts";
import { matmulVariants } from "../linear.ts";
import { autotune, autotuneAgain, keepTuning, tunedKernels } from "./autotune.ts";

let device: Gpu;

beforeEach(async () => {
  localStorage.clear();
  device = await openGpu();
});

afterEach(() => {
  vi.restoreAllMocks();
  device.destroy();
});

it("measures once, frees what it measured with, and keeps the choice for the next device", async () => {
  const submit = vi.spyOn(device.webgpu.queue, "submit");
  const choice = await autotune(device);
  expect(submit).toHaveBeenCalled();
  expect(matmulVariants).toContain(choice.one);
  expect(matmulVariants).toContain(choice.few);
  expect(matmulVariants).toContain(choice.many);
  expect(attentionVariants).toContain(choice.attention);
  expect(tunedKernels(device)).toEqual(choice);
  expect(device.accounting.liveBytes).toBe(0);
  expect(localStorage, "it has not passed the self-test yet").toHaveLength(0);
  keepTuning(device);

  const next = await openGpu();
  const again = vi.spyOn(next.webgpu.queue, "submit");
  expect(await autotune(next)).toEqual(choice);
  expect(again).not.toHaveBeenCalled();

  expect(await autotuneAgain(next)).toEqual(tunedKernels(next));
  expect(again).toHaveBeenCalled();
  expect(localStorage).toHaveLength(0);
  next.destroy();
});

it("is made once, however many ask, and measures only when its turn has come", async () => {
  skipWithoutSubgroups(device); // without them there is nothing to choose from that is compiled in any case
  const submit = vi.spyOn(device.webgpu.queue, "submit");
  const compile = vi.spyOn(device.webgpu, "createComputePipelineAsync");
  let end = () => {};
  let isMine = false;
  const choice = autotune(device);
  expect(autotune(device)).toBe(choice);
  const mine = device.mutex.run(() => {
    isMine = true;
    return new Promise<void>((resolve) => {
      end = resolve;
    });
  });
  await expect.poll(() => isMine).toBe(true);
  await expect.poll(() => compile.mock.results.length).toBeGreaterThan(1);
  await Promise.all(compile.mock.results.map(({ value }) => value)); // all that the first task needs
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(submit).not.toHaveBeenCalled();
  end();
  await Promise.all([mine, choice]);
  expect(submit).toHaveBeenCalled();
});

it("measures where storage is forbidden", async () => {
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new DOMException("forbidden", "SecurityError");
  });
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  expect(matmulVariants).toContain((await autotune(device)).few);
  expect(() => keepTuning(device)).not.toThrow();
});
