import { it } from "vitest";
import { linear } from "../kernels/linear.ts";
import { expectWithin } from "../test/expect-within.ts";
import { boundedLinear } from "../test/f32-bounds.ts";
import { unwritten, written } from "../test/guarded.ts";
import { buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { randomValues } from "../test/values.ts";

// GPT-2's head: 768 to 50257, 154 MB of weights.
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

it.each(buildNames)("%s, 768 to 50257", (build) => {
  const { y } = runCpuKernel(
    build,
    linear.matmulRegister.scalar,
    { x, w, bias: unwritten(1), shortcut: unwritten(1), y: unwritten(50257) },
    { ...dims, first_out: 0, y_dim: 50257 },
    { has_bias: 0, has_gelu: 0, has_shortcut: 0 },
  );
  expectWithin(written(y, 50257), bounded);
});
