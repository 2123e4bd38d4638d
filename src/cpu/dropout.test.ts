import { describe, expect, it } from "vitest";
import { dropout } from "../kernels/dropout.ts";
import { keepMask, dropout as reference } from "../reference/dropout.ts";
import { residual } from "../reference/residual.ts";
import { dropoutDims } from "../test/dropout-dims.ts";
import { expectSame, expectWithin } from "../test/expect-within.ts";
import { EPS, FLUSH } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

function run(build: Build, x: Float32Array, seed: number, p: number, shortcut?: Float32Array): Float32Array {
  const { y } = runCpuKernel(
    build,
    dropout,
    { x: guarded(x), shortcut: shortcut ? guarded(shortcut) : unwritten(1), y: unwritten(x.length) },
    { size: x.length, ...dropoutDims(seed, p) },
    { has_shortcut: Number(shortcut !== undefined) },
  );
  return written(y, x.length);
}

/** 1 where a value of 1 comes through, 0 where it is dropped, as the reference has it; NaN where nothing was written. */
const keptOf = (y: Float32Array) => y.map((v) => (v > 0 ? 1 : v));
const ones = (length: number) => new Float32Array(length).fill(1);

describe.each(buildNames)("%s", (build) => {
  describe("keeps exactly the reference's elements", () => {
    const seeds = [0, 1, 123, 0x12345678, 2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];
    it.each(seeds)("seed %i", (seed) => {
      for (const p of [0.1, 0.5, 0.9]) {
        const y = run(build, ones(20_001), seed, p);
        expectSame(keptOf(y), keepMask(20_001, seed, p));
      }
    });

    it("for another seed, others", () => {
      const [y, other] = [run(build, ones(1000), 123, 0.1), run(build, ones(1000), 124, 0.1)];
      expect(keptOf(y)).not.toEqual(keptOf(other));
    });

    it("everything where nothing is to be dropped", () => {
      expect([...run(build, ones(1000), 123, 0)]).toEqual([...ones(1000)]);
    });
  });

  describe.each([1, 7, 65, 768, 3072, 50257])("%i values", (size) => {
    const p = 0.1;
    const x = randomValues(size, 1, { outliers: true });
    // 2.5 ULP of the division, half of one in the share that is divided by, one rounding of the sum.
    const division = (y: number) => 3 * EPS * Math.abs(y) + FLUSH;

    it("divides what it keeps by the share that is kept", () => {
      const expected = reference(x, 123, p);
      expectWithin(run(build, x, 123, p), { expected, bound: expected.map(division) });
    });

    it("adds the shortcut, kept or not", () => {
      const shortcut = randomValues(size, 2, { outliers: true });
      const dropped = reference(x, 123, p);
      const expected = residual(dropped, shortcut);
      const bound = expected.map((y, i) => division(dropped[i]) * (1 + EPS) + EPS * Math.abs(y) + FLUSH);
      expectWithin(run(build, x, 123, p, shortcut), { expected, bound });
    });
  });
});
