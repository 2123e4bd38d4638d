import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { StepClock } from "./step-clock.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const over = (ms: number) =>
  new Promise<{ id: number }>((resolve) => setTimeout(() => resolve({ id: ms }), ms));

it("a step that waited for another one is timed from that one's end", async () => {
  const clock = new StepClock(() => Date.now());
  const steps = [clock.time(over(100)), clock.time(over(140)), clock.time(over(150))];
  await vi.runAllTimersAsync();
  expect(await Promise.all(steps)).toEqual([
    { id: 100, milliseconds: 100 },
    { id: 140, milliseconds: 40 },
    { id: 150, milliseconds: 10 },
  ]);
});

it("what lies between two steps counts for neither, however late somebody asks for the result", async () => {
  const clock = new StepClock(() => Date.now());
  const first = clock.time(over(30));
  await vi.advanceTimersByTimeAsync(1000);
  const second = clock.time(over(70));
  await vi.advanceTimersByTimeAsync(5000);
  expect([(await first).milliseconds, (await second).milliseconds]).toEqual([30, 70]);
});
