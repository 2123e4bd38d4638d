import { expect, it } from "vitest";
import { heatPixels, opacityOf } from "./heat.ts";

const weights = Float32Array.of(1, 0, 0.25, 0.75);

it("draws a triangle with the causal mask, faint where a visible weight is nothing", () => {
  const pixels = heatPixels(Float32Array.of(1, 0, 0, 1), 2, "causal", [10, 20, 30]);
  expect([...pixels.subarray(0, 4)]).toEqual([10, 20, 30, 255]);
  expect([...pixels.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  expect([...pixels.subarray(8, 12)]).toEqual([10, 20, 30, Math.round(255 * opacityOf(0))]);
  expect(opacityOf(0)).toBeGreaterThan(0);
});

it("draws every key without a mask, more opaque for more", () => {
  const pixels = heatPixels(weights, 2, "none", [0, 0, 0]);
  const alpha = [3, 7, 11, 15].map((at) => pixels[at]!);
  expect(alpha[0]).toBe(255);
  expect(alpha[1]).toBeGreaterThan(0);
  expect(alpha[2]).toBeGreaterThan(alpha[1]!);
  expect(alpha[3]).toBeGreaterThan(alpha[2]!);
});
