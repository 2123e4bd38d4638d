import { describe, expect, it } from "vitest";
import { linear } from "../kernels/linear.ts";
import { matmul } from "../reference/matmul.ts";
import { expectSame, expectWithin } from "../test/expect-within.ts";
import { boundedLinear, type Epilogue } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { randomIntegers } from "../test/integers.ts";
import { type Build, buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

interface ProductDims {
  num_rows: number;
  in_dim: number;
  out_dim: number;
}

const optional = (values?: ArrayLike<number>) => (values ? guarded(Float32Array.from(values)) : unwritten(1));

/** y [num_rows, out_dim], from as many dispatches as w has parts; `partEnds` are the features where each part ends. */
function run(
  build: Build,
  { x, w }: { x: Float32Array; w: Float32Array },
  { num_rows, in_dim, out_dim }: ProductDims,
  { bias, gelu, shortcut }: Epilogue = {},
  partEnds = [out_dim],
): Float32Array {
  const constants = {
    has_bias: Number(bias !== undefined),
    has_gelu: Number(gelu === true),
    has_shortcut: Number(shortcut !== undefined),
  };
  const inputs = { x: guarded(x), bias: optional(bias), shortcut: optional(shortcut) };
  let y: Float32Array | Uint32Array = unwritten(num_rows * out_dim);
  let first_out = 0;
  for (const end of partEnds) {
    const part = guarded(w.subarray(first_out * in_dim, end * in_dim));
    const dims = { num_rows, in_dim, out_dim: end - first_out, first_out, y_dim: out_dim };
    y = runCpuKernel(build, linear.matmulRegister.scalar, { ...inputs, w: part, y }, dims, constants).y;
    first_out = end;
  }
  return written(y as Uint32Array, num_rows * out_dim);
}

// Every product takes the beginning of these.
const integers = { x: randomIntegers(65 * 769, 1), w: randomIntegers(3072 * 768, 2) };
const reals = {
  x: randomValues(65 * 769, 3, { outliers: true }),
  w: randomValues(3072 * 768, 4, { outliers: true }),
};

/** Integers first, where nothing is rounded; then outliers, within what rounding may do. */
function compare(build: Build, dims: ProductDims): void {
  const { num_rows, in_dim, out_dim } = dims;
  const first = ({ x, w }: typeof integers) => ({
    x: x.subarray(0, num_rows * in_dim),
    w: w.subarray(0, out_dim * in_dim),
  });
  const [exact, rounded] = [first(integers), first(reals)];
  expectSame(run(build, exact, dims), matmul(exact.x, exact.w, dims));
  expectWithin(run(build, rounded, dims), boundedLinear(rounded.x, rounded.w, dims));
}

/** One row, few rows and many rows are computed in ways of their own; blocks have four. */
const rowCounts = [1, 2, 3, 4, 5, 8, 9, 12, 13, 65];

describe.each(buildNames)("%s", (build) => {
  describe.each([
    [1, 1],
    [3, 2],
    [4, 1],
    [5, 3],
    [7, 5],
    [12, 16],
    [31, 17],
    [36, 33],
    [65, 257],
    [260, 65],
    [769, 65],
  ])("%i to %i", (in_dim, out_dim) => {
    it.each(rowCounts)("%i rows", (num_rows) => compare(build, { num_rows, in_dim, out_dim }));
  });

  it.each([1, 4, 13])(
    "every set of epilogue, with outliers, and a weight in three parts: %i rows",
    (num_rows) => {
      for (const in_dim of [20, 9]) {
        const dims = { num_rows, in_dim, out_dim: 75 };
        const operands = { x: randomValues(num_rows * in_dim, 1), w: randomValues(75 * in_dim, 2) };
        const bias = randomValues(75, 3, { outliers: true });
        const shortcut = randomValues(num_rows * 75, 4, { outliers: true });
        for (let set = 0; set < 8; set++) {
          const epilogue: Epilogue = {
            ...(set & 1 && { bias }),
            gelu: (set & 2) !== 0,
            ...(set & 4 && { shortcut }),
          };
          const bounded = boundedLinear(operands.x, operands.w, dims, epilogue);
          for (const partEnds of [[75], [1, 70, 75]])
            expectWithin(run(build, operands, dims, epilogue, partEnds), bounded);
        }
      }
    },
  );

  it("touches no column but its own part's", () => {
    for (const num_rows of [1, 3, 9]) {
      const data = { x: new Float32Array(num_rows).fill(2), w: Float32Array.of(3), bias: unwritten(1) };
      const { y } = runCpuKernel(
        build,
        linear.matmulRegister.scalar,
        { ...data, shortcut: unwritten(1), y: unwritten(num_rows * 3) },
        { num_rows, in_dim: 1, out_dim: 1, first_out: 1, y_dim: 3 },
        { has_bias: 0, has_gelu: 0, has_shortcut: 0 },
      );
      expect([...written(y, num_rows * 3)]).toEqual(Array(num_rows).fill([NaN, 6, NaN]).flat());
    }
  });

  it.each([
    [768, 2304],
    [768, 3072],
    [3072, 768],
  ])("GPT-2's shapes: %i to %i", (in_dim, out_dim) => {
    for (const num_rows of [1, 4, 9]) compare(build, { num_rows, in_dim, out_dim });
  });
});
