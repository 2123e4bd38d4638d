import { expect, test } from "vitest";
import { jumped } from "./jump.ts";
import { MersenneTwister } from "./mersenne-twister.ts";

const draws = (generator: MersenneTwister, n: number) => Array.from({ length: n }, () => generator.draw());

test("gives MT19937's published numbers", () => {
  const generator = MersenneTwister.seeded(5489);
  const numbers = draws(generator, 10_000);
  expect(numbers.slice(0, 2)).toEqual([3499211612, 581869302]);
  expect(numbers[9_999]).toBe(4123659995); // the one that the C++ standard asks of std::mt19937
});

test("takes seeds over the whole range of 32 bits", () => {
  const first = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1].map((seed) => MersenneTwister.seeded(seed).draw());
  expect(new Set(first).size).toBe(5);
  expect(first[0]).toBe(2357136044);
  expect(first[1]).toBe(1791095845);
});

test("a clone goes on from the same place, alone", () => {
  const generator = MersenneTwister.seeded(7);
  draws(generator, 100);
  const clone = generator.clone();
  const numbers = draws(generator, 700);
  expect(draws(clone, 700)).toEqual(numbers);
});

test.each([0, 1, 2, 623, 624, 625, 16_383, 16_384, 19_937, 39_936, 1_000_003])(
  "a jump of %i is as many draws",
  (n) => {
    const walked = MersenneTwister.seeded(123);
    const jumper = jumped(walked, n);
    for (let i = 0; i < n; i++) walked.draw();
    expect(draws(jumper, 1_300)).toEqual(draws(walked, 1_300));
  },
);

test("two jumps are one of their sum, however long", () => {
  const start = MersenneTwister.seeded(1);
  const [a, b] = [163_009_536, 123_456_789];
  expect(draws(jumped(jumped(start, a), b), 10)).toEqual(draws(jumped(start, a + b), 10));
});
