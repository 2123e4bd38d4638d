import { describe, expect, test } from "vitest";
import notebook from "../../../tools/parity/notebook.json" with { type: "json" };
import small from "../../../tools/parity/small.json" with { type: "json" };
import { keepMask } from "../../reference/dropout.ts";
import { DropoutStream, keepThreshold } from "./dropout-stream.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { seededWeights } from "./seeded.ts";

const MODULUS = 2 ** 31 - 1;

describe("DropoutStream", () => {
  // PyTorch's generator after the weights: `_, state = seeded(config, seed)`, then four times
  // `McgDropout(state).draw()` on one McgDropout, with tools/parity/reference.py.
  test.each([
    { ...small[0], draws: [507992430, 2551409160, 3376641988, 1413624115] },
    { ...small[1], draws: [404061644, 1154887598, 136612686, 934630784] },
    { ...notebook, draws: [299808376, 2892081253, 3351837657, 848145988] },
  ])("goes on where the weights of seed $seed ended", ({ seed, config, draws }) => {
    const stream = new DropoutStream(seededWeights(seed, config).generator());
    expect(draws.map(() => stream.nextSeed())).toEqual(draws.map((draw) => draw % MODULUS));
  });

  test("two streams of one generator draw the same seeds and do not disturb each other", () => {
    const generator = MersenneTwister.seeded(3);
    const [a, b] = [new DropoutStream(generator), new DropoutStream(generator)];
    const seeds = [1, 2, 3].map(() => a.nextSeed());
    expect([1, 2, 3].map(() => b.nextSeed())).toEqual(seeds);
    expect(new Set(seeds).size).toBe(3);
  });

  test.each([0, MODULUS, 2 * MODULUS])("a draw of %i starts at 1, since 0 would stay 0", (draw) => {
    const generator = MersenneTwister.seeded(1);
    generator.draw = () => draw;
    generator.clone = () => generator;
    expect(new DropoutStream(generator).nextSeed()).toBe(1);
  });
});

describe("keepThreshold", () => {
  test.each([0, 0.1, 0.2, 0.5, 1 / 3, 0.9, 0.999999, 1e-9, 1e-12, 1 - 2 ** -52])(
    "is exact for p = %d",
    (p) => {
      const s = keepThreshold(p);
      expect(s / MODULUS >= 1 - p).toBe(true);
      expect((s - 1) / MODULUS < 1 - p).toBe(true);
    },
  );

  test("keeps what the reference's division keeps", () => {
    const [seed, length, p] = [299808376, 10_000, 0.1];
    let x = BigInt(seed);
    const kept = Array.from({ length }, () => {
      const keep = x < keepThreshold(p) ? 1 : 0;
      x = (x * 1132489760n) % BigInt(MODULUS);
      return keep;
    });
    expect(kept).toEqual([...keepMask(length, seed, p)]);
  });
});
