import { describe, expect, it } from "vitest";
import { linear } from "../kernels/linear.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedGelu } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

/** gelu is a step of the epilogue; here the product before it is 1 times each value. */
function run(build: Build, values: Float32Array): Float32Array {
  const out_dim = values.length;
  const { y } = runCpuKernel(
    build,
    linear.matmulRegister.scalar,
    {
      x: Float32Array.of(1),
      w: guarded(values),
      bias: unwritten(1),
      shortcut: unwritten(1),
      y: unwritten(out_dim),
    },
    { num_rows: 1, in_dim: 1, out_dim, first_out: 0, y_dim: out_dim },
    { has_bias: 0, has_gelu: 1, has_shortcut: 0 },
  );
  return written(y, out_dim);
}

const bounded = (x: Float32Array) => boundedGelu({ expected: x, bound: new Float64Array(x.length) });

describe.each(buildNames)("%s", (build) => {
  it.each([1, 7, 65, 768, 3072])("%i values", (length) => {
    const x = randomValues(length, 1, { outliers: true });
    expectWithin(run(build, x), bounded(x));
  });

  it("is right wherever the curve bends", () => {
    const x = Float32Array.from({ length: 20_001 }, (_, i) => (i - 10_000) / 1000);
    expectWithin(run(build, x), bounded(x));
  });

  it("is a finite number as far as 10,000 on either side", () => {
    const far = [15, 20, 50, 88, 89, 90, 100, 500, 1e3, 5e3, 1e4];
    const x = Float32Array.from([...far, ...far.map((v) => -v)]);
    const y = run(build, x);
    expect([...y].every(Number.isFinite)).toBe(true);
    expectWithin(y, bounded(x));
  });
});
