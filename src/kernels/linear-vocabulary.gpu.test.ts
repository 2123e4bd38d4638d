import { it } from "vitest";
import { expectWithin } from "../test/expect-within.ts";
import { boundedLinear } from "../test/f32-bounds.ts";
import { compiledVariants, runLinear } from "../test/run-linear.ts";
import { randomValues } from "../test/values.ts";

// GPT-2's head: 768 to 50257, 154 MB of weights, more than a device with the default limits can bind.
const dims = { num_rows: 1, in_dim: 768, out_dim: 50257 };
const x = randomValues(768, 1, { outliers: true });

/** A million values again and again; their number shares no factor with a row's, so no two rows are the same. */
function manyWeights(): Float32Array {
  const values = randomValues(1_000_003, 2, { outliers: true });
  const w = new Float32Array(50257 * 768);
  for (let at = 0; at < w.length; at += values.length) w.set(values.subarray(0, w.length - at), at);
  return w;
}

const w = manyWeights();
const bounded = boundedLinear(x, w, dims);
const variants = compiledVariants;

it.each(variants.filter(({ rows = 1 }) => rows === 1))("$variant, 768 to 50257", async (variant) => {
  expectWithin(await runLinear(variant, { x, w, format: "vec4" }, dims), bounded);
});
