import { describe, expect, it } from "vitest";
import { matmul } from "../reference/matmul.ts";
import { expectSame, expectWithin } from "../test/expect-within.ts";
import { boundedLinear, type Epilogue } from "../test/f32-bounds.ts";
import { foldedEarly } from "../test/folded-early.ts";
import { unwritten, written } from "../test/guarded.ts";
import { randomIntegers } from "../test/integers.ts";
import { runKernel } from "../test/run-kernel.ts";
import {
  type CompiledVariant,
  compiledVariants,
  constantsOf,
  hasFixedRows,
  type ProductDims,
  runLinear,
} from "../test/run-linear.ts";
import { randomValues } from "../test/values.ts";
import { linear } from "./linear.ts";
import { type VecWidth, vecWidths } from "./vec.ts";

const variants = compiledVariants;

/** Numbers of rows to try: around what one workgroup, one thread or one pipeline takes. */
const rowCounts = (compiled: CompiledVariant): number[] => {
  const { rows } = compiled;
  if (rows === undefined) return [1, 3, 9, 65];
  return hasFixedRows(compiled) ? [rows] : [1, rows, 2 * rows + 1];
};

// Every product takes the beginning of these: making as many again for each would take longer than the kernels.
const integers = { x: randomIntegers(65 * 769, 1), w: randomIntegers(3072 * 768, 2) };
const reals = {
  x: randomValues(65 * 769, 3, { outliers: true }),
  w: randomValues(3072 * 768, 4, { outliers: true }),
};

/** Integers first, where nothing is rounded; then outliers, within what rounding may do. */
async function compare(compiled: CompiledVariant, format: VecWidth, dims: ProductDims): Promise<void> {
  const { num_rows, in_dim, out_dim } = dims;
  const [x, w] = [integers.x.subarray(0, num_rows * in_dim), integers.w.subarray(0, out_dim * in_dim)];
  expectSame(await runLinear(compiled, { x, w, format }, dims), matmul(x, w, dims));
  const [x2, w2] = [reals.x.subarray(0, num_rows * in_dim), reals.w.subarray(0, out_dim * in_dim)];
  expectWithin(await runLinear(compiled, { x: x2, w: w2, format }, dims), boundedLinear(x2, w2, dims));
}

describe.each(variants)("$variant, rows $rows", (compiled) => {
  it.each([
    { width: "vec4", in_dim: 4, out_dim: 1 },
    { width: "vec4", in_dim: 12, out_dim: 5 },
    { width: "vec4", in_dim: 260, out_dim: 65 },
    { width: "vec4", in_dim: 64, out_dim: 257 },
    { width: "scalar", in_dim: 1, out_dim: 1 },
    { width: "scalar", in_dim: 7, out_dim: 5 },
    { width: "scalar", in_dim: 65, out_dim: 257 },
    { width: "scalar", in_dim: 769, out_dim: 65 },
  ] as const)("any shape: $in_dim to $out_dim, $width", async ({ width, in_dim, out_dim }) => {
    for (const num_rows of rowCounts(compiled)) await compare(compiled, width, { num_rows, in_dim, out_dim });
  });

  it.each(vecWidths)("all epilogue, and a weight in three parts, %s", async (format) => {
    const dims = { num_rows: rowCounts(compiled).at(-1)!, in_dim: format === "vec4" ? 8 : 5, out_dim: 75 };
    const [x, w] = [randomValues(dims.num_rows * dims.in_dim, 1), randomValues(75 * dims.in_dim, 2)];
    const [bias, shortcut] = [randomValues(75, 3), randomValues(dims.num_rows * 75, 4)];
    const epilogue = { bias, gelu: true, shortcut };
    const bounded = boundedLinear(x, w, dims, epilogue);
    for (const partEnds of [[75], [1, 70, 75]]) {
      expectWithin(await runLinear(compiled, { x, w, format }, dims, { epilogue, partEnds }), bounded);
    }
  });

  it("touches no column but its own part's", async () => {
    const num_rows = compiled.rows ?? 1;
    const data = { x: new Float32Array(num_rows).fill(2), w: Float32Array.of(3), bias: unwritten(1) };
    const { y } = await runKernel(
      linear[compiled.variant].scalar,
      { ...data, shortcut: unwritten(1), y: unwritten(num_rows * 3) },
      { num_rows, in_dim: 1, out_dim: 1, first_out: 1, y_dim: 3 },
      constantsOf(compiled),
    );
    expect([...written(y, num_rows * 3)]).toEqual(Array(num_rows).fill([NaN, 6, NaN]).flat());
  });
});

// All variants have the same epilogue, so one of them will do for every set of its steps.
it.each(vecWidths)("every set of epilogue, with outliers, %s", async (format) => {
  const compiled: CompiledVariant = { variant: "matmulRegister", rows: 4 };
  const dims = { num_rows: 5, in_dim: format === "vec4" ? 20 : 9, out_dim: 67 };
  const [x, w] = [randomValues(5 * dims.in_dim, 1), randomValues(67 * dims.in_dim, 2)];
  const bias = randomValues(67, 3, { outliers: true });
  const shortcut = randomValues(5 * 67, 4, { outliers: true });
  for (let set = 0; set < 8; set++) {
    const epilogue: Epilogue = {
      ...(set & 1 && { bias }),
      gelu: (set & 2) !== 0,
      ...(set & 4 && { shortcut }),
    };
    expectWithin(
      await runLinear(compiled, { x, w, format }, dims, { epilogue }),
      boundedLinear(x, w, dims, epilogue),
    );
  }
});

describe("GPT-2's shapes", () => {
  const real = [
    [768, 2304],
    [768, 3072],
    [3072, 768],
  ] as const;
  const tried = variants.filter(({ rows = 4 }) => rows === 1 || rows === 4);
  it.each(tried)("$variant, rows $rows", async (compiled) => {
    const num_rows = compiled.rows ?? 9;
    for (const [in_dim, out_dim] of real) await compare(compiled, "vec4", { num_rows, in_dim, out_dim });
  });

  it("matmul, 65 rows", () =>
    compare({ variant: "matmul" }, "vec4", { num_rows: 65, in_dim: 768, out_dim: 768 }));
});

it("counts features on where matvec's grid is folded into two dimensions", async () => {
  const out_dim = 4 * 7;
  const data = { x: Float32Array.of(2), w: new Float32Array(out_dim).fill(3), bias: unwritten(1) };
  const { y } = await runKernel(
    foldedEarly(linear.matvec.scalar),
    { ...data, shortcut: unwritten(1), y: unwritten(out_dim) },
    { num_rows: 1, in_dim: 1, out_dim, first_out: 0, y_dim: out_dim },
    constantsOf({ variant: "matvec", rows: 1 }),
  );
  expect([...written(y, out_dim)]).toEqual(Array(out_dim).fill(6));
});
