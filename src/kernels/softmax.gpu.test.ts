import { describe, expect, it } from "vitest";
import { expectWithin } from "../test/expect-within.ts";
import { boundedSoftmax } from "../test/f32-bounds.ts";
import { foldedEarly } from "../test/folded-early.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { runKernel } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";
import { softmax } from "./softmax.ts";

async function run(x: Float32Array, dim: number): Promise<Float32Array> {
  const dims = { num_rows: x.length / dim, dim };
  const { y } = await runKernel(softmax, { x: guarded(x), y: unwritten(x.length) }, dims);
  return written(y, x.length);
}

describe.each([
  [1, 1],
  [3, 7],
  [2, 256],
  [3, 257],
  [5, 768],
  [1, 3072],
  [2, 50257],
])("%i rows of %i", (num_rows, dim) => {
  it("shares 1 out, whatever the scale", async () => {
    for (const scale of [1, 20, 1e4]) {
      const x = randomValues(num_rows * dim, 1).map((value) => scale * value);
      expectWithin(await run(x, dim), boundedSoftmax(x, dim));
    }
  });

  it("with outliers", async () => {
    const x = randomValues(num_rows * dim, 2, { outliers: true });
    expectWithin(await run(x, dim), boundedSoftmax(x, dim));
  });

  // Where one value has nearly all the weight, a value that is not looked at shows however long the row is.
  it("sees the largest value wherever it stands", async () => {
    for (const place of [0, 255, 256, dim - 1].filter((i) => i < dim)) {
      const x = randomValues(num_rows * dim, 3).map((value, i) => (i % dim === place ? 30 : value - 1));
      expectWithin(await run(x, dim), boundedSoftmax(x, dim));
    }
  });
});

it.each([-1e4, 0, 1e4])("treats equal values of %d equally", async (value) => {
  const x = new Float32Array(2 * 257).fill(value);
  expectWithin(await run(x, 257), boundedSoftmax(x, 257));
});

it("counts rows on where the grid is folded into two dimensions", async () => {
  const x = randomValues(7, 1);
  const { y } = await runKernel(foldedEarly(softmax), { x, y: unwritten(7) }, { num_rows: 7, dim: 1 });
  expect([...written(y, 7)]).toEqual(Array(7).fill(1));
});
