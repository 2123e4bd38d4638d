import { describe, expect, it } from "vitest";
import { layerNorm } from "../kernels/layer-norm.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedLayerNorm } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

/** The kernel's y [num_tokens, emb_dim] for x [any, emb_dim]. */
function run(
  build: Build,
  x: Float32Array,
  scale: Float32Array,
  shift: Float32Array,
  num_tokens: number,
  { first = 0, stride = 1 } = {},
): Float32Array {
  const emb_dim = scale.length;
  const { y } = runCpuKernel(
    build,
    layerNorm,
    { x: guarded(x), scale: guarded(scale), shift: guarded(shift), y: unwritten(num_tokens * emb_dim) },
    { num_tokens, emb_dim, first, stride },
    {},
  );
  return written(y, num_tokens * emb_dim);
}

/** Trained scales lie around 1. */
const parameters = (emb_dim: number) =>
  [randomValues(emb_dim, 2).map((v) => 1 + v), randomValues(emb_dim, 3)] as const;

describe.each(buildNames)("%s", (build) => {
  describe.each([
    [1, 1],
    [3, 7],
    [2, 64],
    [2, 65],
    [5, 129],
    [4, 768],
    [65, 768],
    [1, 3072],
    [1, 50257],
  ])("%i tokens of %i", (num_tokens, emb_dim) => {
    const [scale, shift] = parameters(emb_dim);

    it.each([{ outliers: false }, { outliers: true }])("%o", (options) => {
      const x = randomValues(num_tokens * emb_dim, 1, options);
      expectWithin(run(build, x, scale, shift, num_tokens), boundedLayerNorm(x, scale, shift));
    });
  });

  it("gives the shift where all values of a token are the same", () => {
    const [scale, shift] = parameters(129);
    const x = new Float32Array(129).fill(0.5); // sums of halves are exact
    expect([...run(build, x, scale, shift, 1)]).toEqual([...shift]);
  });

  it("is not thrown off by values far from zero", () => {
    const [scale, shift] = parameters(768);
    const x = randomValues(768, 1).map((v) => 50 + v);
    expectWithin(run(build, x, scale, shift, 1), boundedLayerNorm(x, scale, shift));
  });

  it("picks every stride-th token, from the first one on", () => {
    const [scale, shift] = parameters(65);
    const x = randomValues(11 * 65, 1);
    const picked = [2, 5, 8].flatMap((token) => [...x.subarray(token * 65, (token + 1) * 65)]);
    expectWithin(
      run(build, x, scale, shift, 3, { first: 2, stride: 3 }),
      boundedLayerNorm(picked, scale, shift),
    );
  });
});
