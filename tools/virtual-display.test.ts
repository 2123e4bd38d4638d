import { expect, test } from "vitest";
import { VirtualDisplay } from "./virtual-display.ts";
import { findWebKit } from "./webkit.ts";

const display = findWebKit()?.display;

test.runIf(display)(
  "a display that nothing is drawn on is black, under a name of its own, and ends",
  async () => {
    const [one, other] = [await VirtualDisplay.start(display!), await VirtualDisplay.start(display!)];
    expect(one.name).toMatch(/^:\d+$/);
    expect(other.name).not.toBe(one.name);
    const { width, height, data } = one.read({ x: 5, y: 7, width: 3, height: 2 });
    expect([width, height]).toEqual([3, 2]);
    expect([...data.subarray(0, 4)]).toEqual([0, 0, 0, 255]);
    await Promise.all([one.stop(), other.stop()]);
  },
);

test("a program that is no display says so", async () => {
  const ends = process.platform === "win32" ? "where" : "true";
  await expect(VirtualDisplay.start(ends)).rejects.toThrow(`${ends} ended before it had a display.`);
});
