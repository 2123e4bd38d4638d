import { describe, it } from "vitest";
import { expectWithin } from "../test/expect-within.ts";
import { boundedLayerNorm, boundedLinear } from "../test/f32-bounds.ts";
import { testGpu } from "../test/models.ts";
import { compiledVariants, runLinear, runQKV } from "../test/run-linear.ts";
import { randomValues } from "../test/values.ts";
import { fusesLayerNorm } from "./linear.ts";
import { vecWidthOf } from "./vec.ts";

// The kernels that do a LayerNorm on the way in: within what LayerNorm and product may do, one after the other.
const variants = compiledVariants.filter(({ variant }) => fusesLayerNorm(variant));
const bindings = (await testGpu()).limits.maxStorageBuffersPerShaderStage;

function operands(num_rows: number, in_dim: number, out_dim: number, outliers: boolean) {
  const x = randomValues(num_rows * in_dim, 1, { outliers });
  const w = randomValues(out_dim * in_dim, 2);
  const norm = { scale: randomValues(in_dim, 3).map((v) => 1 + v), shift: randomValues(in_dim, 4) };
  const normed = boundedLayerNorm(x, norm.scale, norm.shift);
  return { x, w, norm, normed, format: vecWidthOf(in_dim) };
}

describe.each(variants)("$variant, rows $rows", (variant) => {
  const { rows: num_rows = 1 } = variant;

  it.each([
    [1, 1],
    [7, 5],
    [65, 3],
    [12, 67],
    [260, 9],
    [768, 67],
  ])("%i to %i", async (in_dim, out_dim) => {
    for (const outliers of [false, true]) {
      const { x, w, norm, normed, format } = operands(num_rows, in_dim, out_dim, outliers);
      const dims = { num_rows, in_dim, out_dim };
      const y = await runLinear(variant, { x, w, format }, dims, { norm });
      expectWithin(y, boundedLinear(normed.expected, w, dims, {}, { xBound: normed.bound }));
    }
  });

  it("with bias and gelu, in two parts", async () => {
    const { x, w, norm, normed, format } = operands(num_rows, 64, 70, false);
    const dims = { num_rows, in_dim: 64, out_dim: 70 };
    const epilogue = { bias: randomValues(70, 5), gelu: true };
    const y = await runLinear(variant, { x, w, format }, dims, { norm, epilogue, partEnds: [33, 70] });
    expectWithin(y, boundedLinear(normed.expected, w, dims, epilogue, { xBound: normed.bound }));
  });

  it.runIf(bindings >= 9)("to q, k and v", async () => {
    for (const emb_dim of [7, 68]) {
      const { x, w, norm, normed, format } = operands(num_rows, emb_dim, 3 * emb_dim, false);
      const bias = randomValues(3 * emb_dim, 5);
      const attention = { batch: num_rows, num_tokens: 1, emb_dim, cache_len: 0, capacity: 1 }; // caches of these alone
      const outputs = await runQKV(variant, { x, w, format }, attention, { norm, bias });
      const dims = { num_rows, in_dim: emb_dim, out_dim: 3 * emb_dim };
      const { expected, bound } = boundedLinear(normed.expected, w, dims, { bias }, { xBound: normed.bound });
      for (const [i, name] of (["q", "k", "v"] as const).entries()) {
        const mine = (values: ArrayLike<number>) =>
          Array.from(values).filter((_, at) => Math.floor(at / emb_dim) % 3 === i);
        expectWithin(outputs[name], { expected: mine(expected), bound: mine(bound) });
      }
    }
  });
});
