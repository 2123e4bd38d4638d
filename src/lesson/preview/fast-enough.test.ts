import { expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../../config.ts";
import { FastEnough } from "./fast-enough.ts";

const small = { ...GPT_CONFIG_124M, emb_dim: 128, n_layers: 4, context_length: 64 };

function timed(config: typeof small, ...milliseconds: number[]) {
  const speed = new FastEnough(config);
  for (const each of milliseconds) speed.took([1, 1], each);
  return speed;
}

it("tries a small model before anything was timed, and no large one", () => {
  expect(timed(small).allows([1, 64])).toBe(true);
  expect(timed(GPT_CONFIG_124M).allows([1, 1])).toBe(false);
  expect(timed(small, 900).allows([1, 4])).toBe(true); // something was compiled
});

it("does not try a long text before anything was timed", () => {
  expect(timed(small).allows([1, 1000])).toBe(false);
  expect(timed(small).allows([8, 64])).toBe(false);
});

it("goes by the time that passes took: up to 50 ms", () => {
  expect(timed(small, 50, 50, 50).allows([1, 1])).toBe(true);
  expect(timed(small, 51, 51, 51).allows([1, 1])).toBe(false);
  expect(timed(GPT_CONFIG_124M, 5, 5, 5).allows([1, 4])).toBe(true);
});

it("takes the fastest of the last eight, so that a pause of the machine changes nothing", () => {
  const slow = Array<number>(7).fill(400);
  expect(timed(small, 10, ...slow).allows([1, 1])).toBe(true);
  expect(timed(small, 10, ...slow, 400).allows([1, 1])).toBe(false);
  expect(timed(small, ...slow, 400, 10).allows([1, 1])).toBe(true);
});

it("expects a longer text, and more rows, to take longer", () => {
  const speed = timed(small, 30, 30, 30);
  expect(speed.allows([1, 2])).toBe(true);
  expect(speed.allows([1, 64])).toBe(false);
  expect(speed.allows([2, 1])).toBe(false);
  for (let i = 0; i < 8; i++) speed.took([1, 64], 40);
  expect(speed.allows([1, 64])).toBe(true);
});
