import { expect, test } from "vitest";
import { Random } from "./random.ts";

test("the same seed gives the same numbers, on every machine", () => {
  const random = new Random(123);
  const drawn = Array.from({ length: 8 }, () => random.below(1000));
  expect(drawn).toEqual([390, 725, 389, 834, 154, 617, 889, 276]);
  expect(new Random(124).below(1000)).not.toBe(drawn[0]);
});

test("all choices are about equally likely", () => {
  const random = new Random(7);
  const counts = new Map<string, number>();
  for (let i = 0; i < 30_000; i++) {
    const choice = random.of(["a", "b", "c"]);
    counts.set(choice, (counts.get(choice) ?? 0) + 1);
  }
  for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test("shuffling loses nothing", () => {
  const shuffled = new Random(5).shuffled([1, 2, 3, 4, 5]);
  expect(shuffled.toSorted()).toEqual([1, 2, 3, 4, 5]);
});

test("of nothing nothing can be chosen", () => {
  expect(() => new Random(1).of([])).toThrow();
});
