import { expect, test } from "vitest";
import { TransferRate } from "./transfer-rate.ts";

const total = 1000;
const unknown = { bytesPerSecond: undefined, secondsLeft: undefined };

test("says nothing before it has seen half a second", () => {
  const rate = new TransferRate();
  expect(rate.update({ phase: "download", loaded: 0, total }, 0)).toEqual(unknown);
  expect(rate.update({ phase: "download", loaded: 90, total }, 499)).toEqual(unknown);
  expect(rate.update({ phase: "download", loaded: 100, total }, 500)).toEqual({
    bytesPerSecond: 200,
    secondsLeft: 4.5,
  });
});

test("forgets what is longer ago than a few seconds", () => {
  const rate = new TransferRate();
  const at = (loaded: number, now: number) => rate.update({ phase: "download", loaded, total }, now);
  for (let second = 0; second <= 10; second++) at(50 * second, 1000 * second); // 50 bytes a second
  for (let second = 11; second <= 15; second++) at(500 + 10 * (second - 10), 1000 * second); // then 10
  expect(at(560, 16_000)).toEqual({ bytesPerSecond: 10, secondsLeft: 44 });
});

test("a transfer that stands still has no time left to promise", () => {
  const rate = new TransferRate();
  rate.update({ phase: "download", loaded: 10, total }, 0);
  expect(rate.update({ phase: "download", loaded: 10, total }, 6000)).toEqual({
    bytesPerSecond: 0,
    secondsLeft: undefined,
  });
});

test("another phase, or a restart, is measured anew", () => {
  const rate = new TransferRate();
  rate.update({ phase: "cache", loaded: 0, total }, 0);
  rate.update({ phase: "cache", loaded: 500, total }, 1000);
  expect(rate.update({ phase: "download", loaded: 500, total }, 2000)).toEqual(unknown);
  expect(rate.update({ phase: "download", loaded: 510, total }, 3000).bytesPerSecond).toBe(10);
  expect(rate.update({ phase: "download", loaded: 0, total }, 4000)).toEqual(unknown);
});
