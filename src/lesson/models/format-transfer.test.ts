import { expect, it } from "vitest";
import { formatPace, formatPart, formatTimeLeft } from "./format-transfer.ts";

it("both ends of a transfer have one unit", () => {
  expect(formatPart(500_000, 548_105_171)).toBe("1 of 548 MB");
  expect(formatPart(500_000_000, 6_431_829_964)).toBe("0.50 of 6.43 GB");
  expect(formatPart(0, 12_400)).toBe("0 of 12 kB");
});

it.each([
  [12_400_000, "12 MB/s"],
  [800_000, "0.8 MB/s"],
])("%s bytes a second", (pace, text) => expect(formatPace(pace)).toBe(text));

it.each([
  [0.3, "a few seconds left"],
  [31, "about 35 seconds left"],
  [54.9, "about 55 seconds left"],
  [61, "about 1 minute left"],
  [170, "about 3 minutes left"],
  [7200, "about 2 hours left"],
])("%s seconds", (seconds, text) => expect(formatTimeLeft(seconds)).toBe(text));
