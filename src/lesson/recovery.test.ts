import { expect, it } from "vitest";
import { NextTokenError } from "../errors.ts";
import { Recovery } from "./recovery.ts";

const lost = new NextTokenError("device-lost", "Lost.");
const withheld = new NextTokenError("no-adapter", "No adapter.");

it("tries at once, waits longer each time, and then says what to do", () => {
  const recovery = new Recovery();
  expect(recovery.waitAfter(lost)).toBe(0);
  expect(recovery.waitAfter(withheld)).toBe(2_000);
  expect(recovery.waitAfter(withheld)).toBe(8_000);
  expect(recovery.waitAfter(lost)).toBe(30_000);
  expect(() => recovery.waitAfter(lost)).toThrow(/5 times in a row.+The text is kept\./);
  expect(recovery.waitAfter(lost)).toBe(0);
});

it("begins anew once a token came through", () => {
  const recovery = new Recovery();
  for (let i = 0; i < 50; i++) {
    expect(recovery.waitAfter(lost)).toBe(0);
    recovery.worked();
  }
});

it("takes a missing adapter for what it is unless the GPU was there before", () => {
  expect(() => new Recovery().waitAfter(withheld)).toThrow(withheld);
  const other = new NextTokenError("out-of-memory", "Full.");
  expect(() => new Recovery().waitAfter(other)).toThrow(other);
});
