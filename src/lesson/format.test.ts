import { expect, it } from "vitest";
import * as format from "./format.ts";

it.each([
  [0.9999, "100 %"],
  [0.5, "50.0 %"],
  [0.0123, "1.23 %"],
  [0.0000612, "0.00612 %"],
  [3.4e-9, "3.4e-7 %"],
  [0, "0.00 %"],
])("probability %d is %s", (value, text) => expect(format.formatProbability(value)).toBe(text));

it.each([
  [-0.00724, "−0.0072"],
  [12.5, "12.5000"],
])("logit %d is %s", (value, text) => expect(format.formatLogit(value)).toBe(text));

it.each([
  [87.4, "87 ms"],
  [999.4, "999 ms"],
  [2449, "2.4 s"],
])("%d ms is %s", (value, text) => expect(format.formatDuration(value)).toBe(text));

it.each([
  [0.84, "0.8"],
  [12.4, "12"],
  [2150, "2,150"],
])("%d tokens a second is %s", (value, text) => expect(format.formatRate(value)).toBe(text));

it("counts with separators", () => {
  expect(format.formatCount(50257)).toBe("50,257");
});

it.each([
  [512, "512 B"],
  [999.6, "1.00 kB"],
  [3080, "3.08 kB"],
  [154_389_504, "154 MB"],
  [6_431_829_964, "6.43 GB"],
])("%d bytes are %s", (bytes, text) => expect(format.formatBytes(bytes)).toBe(text));
