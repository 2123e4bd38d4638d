import { describe, expect, it } from "vitest";
import { sums } from "../kernels/sums.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { randomIntegers } from "../test/integers.ts";
import { buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";

describe.each(buildNames)("%s", (build) => {
  it.each([1, 7, 4096, 4097, 9000])("adds up %i vec4s, each once", (count) => {
    const x = randomIntegers(4 * count, 1);
    const [{ kernel }] = sums;
    const shares = kernel.cpu!.parts({ count });
    const { y } = runCpuKernel(
      build,
      kernel,
      { x: guarded(x), y: unwritten(shares) },
      { count },
      { vecs: 8 },
    );
    const total = written(y, shares).reduce((sum, value) => sum + value, 0);
    expect(total).toBe(x.reduce((sum, value) => sum + value, 0));
  });
});
