import { describe, it } from "vitest";
import { softmax } from "../kernels/softmax.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedSoftmax } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

function run(build: Build, x: Float32Array, dim: number): Float32Array {
  const dims = { num_rows: x.length / dim, dim };
  const { y } = runCpuKernel(build, softmax, { x: guarded(x), y: unwritten(x.length) }, dims, {});
  return written(y, x.length);
}

describe.each(buildNames)("%s", (build) => {
  describe.each([
    [1, 1],
    [3, 7],
    [2, 256],
    [3, 257],
    [5, 768],
    [1, 3072],
    [2, 50257],
  ])("%i rows of %i", (num_rows, dim) => {
    it("shares 1 out, whatever the scale", () => {
      for (const scale of [1, 20, 1e4]) {
        const x = randomValues(num_rows * dim, 1).map((value) => scale * value);
        expectWithin(run(build, x, dim), boundedSoftmax(x, dim));
      }
    });

    it("with outliers", () => {
      const x = randomValues(num_rows * dim, 2, { outliers: true });
      expectWithin(run(build, x, dim), boundedSoftmax(x, dim));
    });

    // Where one value has nearly all the weight, a value that is not looked at shows however long the row is.
    it("sees the largest value wherever it stands", () => {
      for (const place of [0, 255, 256, dim - 1].filter((i) => i < dim)) {
        const x = randomValues(num_rows * dim, 3).map((value, i) => (i % dim === place ? 30 : value - 1));
        expectWithin(run(build, x, dim), boundedSoftmax(x, dim));
      }
    });
  });

  it.each([-1e4, 0, 1e4])("treats equal values of %d equally", (value) => {
    const x = new Float32Array(2 * 257).fill(value);
    expectWithin(run(build, x, 257), boundedSoftmax(x, 257));
  });

  // The bounds above allow what WGSL allows a GPU's exp. This one is our own, and better: here it is the quotient of two results.
  it("has an exp that is off by two roundings at most", () => {
    const distances = Float32Array.from({ length: 8001 }, (_, i) => i / 100);
    const rows = Float32Array.from({ length: 2 * distances.length }, (_, i) =>
      i % 2 ? -distances[i >> 1]! : 0,
    );
    const y = run(build, rows, 2);
    const exp = Float64Array.from(distances, (_, i) => y[2 * i + 1]! / y[2 * i]!);
    const expected = Float64Array.from(distances, (distance) => Math.exp(-distance));
    expectWithin(exp, { expected, bound: expected.map((value) => 2 * 2 ** -23 * value) });
  });
});
