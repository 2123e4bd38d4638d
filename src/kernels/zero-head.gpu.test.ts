import { expect, it } from "vitest";
import { zeroHead as reference } from "../reference/zero-head.ts";
import { foldedEarly } from "../test/folded-early.ts";
import { guarded, written } from "../test/guarded.ts";
import { runKernel } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";
import { zeroHead } from "./zero-head.ts";

it.each([
  { num_rows: 1, n_heads: 1, head_dim: 1, head: 0 },
  { num_rows: 1, n_heads: 12, head_dim: 64, head: 11 },
  { num_rows: 5, n_heads: 3, head_dim: 7, head: 1 },
  { num_rows: 130, n_heads: 2, head_dim: 5, head: 0 },
  { num_rows: 33, n_heads: 5, head_dim: 16, head: 4 },
])("head $head of $n_heads, $num_rows rows of $head_dim each", async (dims) => {
  const { num_rows, n_heads, head_dim, head } = dims;
  const emb_dim = n_heads * head_dim;
  const values = randomValues(num_rows * emb_dim, 1, { outliers: true });
  const expected = Float32Array.from(reference(values, n_heads, head, emb_dim));
  // What is no number becomes zero, too: it is written over, not multiplied.
  values[head * head_dim] = Number.NaN;
  for (const kernel of [zeroHead, foldedEarly(zeroHead)]) {
    const { context_vec } = await runKernel(kernel, { context_vec: guarded(values) }, dims);
    expect(written(context_vec, values.length)).toEqual(expected);
  }
});
