import { expect, it } from "vitest";
import { formatGB, formatMicroseconds, formatShare } from "./units.ts";

it.each([
  [0, "0 µs"],
  [87.4, "87 µs"],
  [4810, "4.81 ms"],
  [81_260, "81.3 ms"],
  [1_200_000, "1.20 s"],
])("%d microseconds are %s", (microseconds, text) => expect(formatMicroseconds(microseconds)).toBe(text));

it("writes rates and shares", () => {
  expect(formatGB(4.812)).toBe("4.81");
  expect(formatGB(3121.7)).toBe("3122");
  expect(formatShare(0.784)).toBe("78 %");
});
