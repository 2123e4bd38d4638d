import { expect, it } from "vitest";
import { sharedGpu } from "./shared-gpu.ts";

const { STORAGE, MAP_READ } = GPUBufferUsage;

it("is one for all, also while it is being opened", async () => {
  const [first, second] = await Promise.all([sharedGpu(), sharedGpu()]);
  expect(second).toBe(first);
  expect(await sharedGpu()).toBe(first);
});

it("is opened anew after an error that nobody caught, which every call on it would repeat", async () => {
  const spoilt = await sharedGpu();
  const { webgpu: device } = spoilt;
  const uncaptured = new Promise((resolve) => device.addEventListener("uncapturederror", resolve));
  device.createBuffer({ size: 16, usage: MAP_READ | STORAGE }); // mappable buffers are for copies alone
  device.queue.submit([]); // Chromium tells of errors with what it sends next
  await uncaptured;
  expect(spoilt.hasFailed).toBe(true);
  const [next, same] = await Promise.all([sharedGpu(), sharedGpu()]);
  expect(next).not.toBe(spoilt);
  expect(same).toBe(next);
  next.check();
  await spoilt.lost; // its memory is given back, and who has a model on it learns so
});

it("is opened anew after the device was lost", async () => {
  const lost = await sharedGpu();
  lost.destroy();
  await lost.lost;
  const next = await sharedGpu();
  expect(next).not.toBe(lost);
  next.check();
});
