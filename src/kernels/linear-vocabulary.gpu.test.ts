import { it } from "vitest";
import { expectWithin } from "../test/expect-within.ts";
import { boundedLinear } from "../test/f32-bounds.ts";
import { guarded, unwritten, written } from "../test/guarded.ts";
import { runKernel } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";
import { linear } from "./linear.ts";

// GPT-2's head: 768 to 50257, 154 MB of weights, more than a device with the default limits can bind.
const dims = { num_rows: 2, in_dim: 768, out_dim: 50257 };
const x = guarded(randomValues(2 * 768, 1, { outliers: true }));
const w = guarded(randomValues(50257 * 768, 2, { outliers: true }));
const bounded = boundedLinear(x, w, dims);

it.each(["matmul", "matvec", "matmulByThread"] as const)("%s, 2 rows of 768 to 50257", async (shape) => {
  const { y } = await runKernel(
    linear[shape].wide,
    { x, w, bias: unwritten(1), shortcut: unwritten(1), y: unwritten(2 * 50257) },
    { ...dims, first_out: 0, y_dim: 50257 },
    shape === "matmul" ? {} : { rows: 2 },
  );
  expectWithin(written(y, 2 * 50257), bounded);
});
