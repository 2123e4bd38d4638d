import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Drawings } from "./drawings.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** How often something is drawn in a second that would be drawn again at once. */
async function drawnInASecond(): Promise<number> {
  const drawings = new Drawings();
  let drawn = 0;
  let isOver = false;
  const draw = async () => {
    while (!isOver) {
      await drawings.next();
      drawn++;
    }
  };
  void draw();
  await vi.advanceTimersByTimeAsync(1000);
  isOver = true;
  return drawn;
}

it("draws in a frame, at most twenty times a second", async () => {
  const drawn = await drawnInASecond();
  expect(drawn).toBeGreaterThanOrEqual(12);
  expect(drawn).toBeLessThanOrEqual(20);
});

it("goes on where there are no frames, four times a second", async () => {
  vi.stubGlobal("requestAnimationFrame", () => 1);
  vi.stubGlobal("cancelAnimationFrame", () => {});
  expect(await drawnInASecond()).toBe(4);
});
