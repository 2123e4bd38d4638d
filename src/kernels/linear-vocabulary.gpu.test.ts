import { it } from "vitest";
import { expectWithin } from "../test/expect-within.ts";
import { boundedLinear } from "../test/f32-bounds.ts";
import { runLinear, variantsHere } from "../test/run-linear.ts";
import { randomValues } from "../test/values.ts";

// GPT-2's head: 768 to 50257, 154 MB of weights, more than a device with the default limits can bind.
const dims = { num_rows: 2, in_dim: 768, out_dim: 50257 };
const x = randomValues(2 * 768, 1, { outliers: true });
const w = randomValues(50257 * 768, 2, { outliers: true });
const bounded = boundedLinear(x, w, dims);

const variants = await variantsHere();

it.each(variants.filter(({ rows = 2 }) => rows === 2))("$shape, 2 rows of 768 to 50257", async (variant) => {
  expectWithin(await runLinear(variant, { x, w, format: "wide" }, dims), bounded);
});
