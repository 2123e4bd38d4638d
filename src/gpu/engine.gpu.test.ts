import { expect, it } from "vitest";
import { sharedEngine } from "./engine.ts";

const { STORAGE, MAP_READ } = GPUBufferUsage;

it("is one for all, also while it is being opened", async () => {
  const [first, second] = await Promise.all([sharedEngine(), sharedEngine()]);
  expect(second).toBe(first);
  expect(await sharedEngine()).toBe(first);
});

it("is opened anew after an error that nobody caught, which every call on it would repeat", async () => {
  const spoilt = await sharedEngine();
  const { device } = spoilt.gpu;
  const uncaptured = new Promise((resolve) => device.addEventListener("uncapturederror", resolve));
  device.createBuffer({ size: 16, usage: MAP_READ | STORAGE }); // mappable buffers are for copies alone
  device.queue.submit([]); // Chromium tells of errors with what it sends next
  await uncaptured;
  expect(spoilt.gpu.hasFailed).toBe(true);
  const [next, same] = await Promise.all([sharedEngine(), sharedEngine()]);
  expect(next).not.toBe(spoilt);
  expect(same).toBe(next);
  next.gpu.check();
  await spoilt.gpu.lost; // its memory is given back, and who has a model on it learns so
});

it("is opened anew after the device was lost", async () => {
  const lost = await sharedEngine();
  lost.gpu.destroy();
  await lost.gpu.lost;
  const next = await sharedEngine();
  expect(next).not.toBe(lost);
  next.gpu.check();
});
