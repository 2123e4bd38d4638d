import { describe, expect, it } from "vitest";
import { residualNorm } from "../kernels/residual-norm.ts";
import { residualNorm as reference } from "../reference/residual-norm.ts";
import { guarded, unwritten } from "../test/guarded.ts";
import { expectClose } from "../test/matchers.ts";
import { buildNames, runCpuKernel } from "../test/run-cpu-kernel.ts";
import { asFloats } from "../test/run-kernel.ts";
import { randomValues } from "../test/values.ts";

describe.each(buildNames)("%s", (build) => {
  it.each([
    { num_tokens: 1, emb_dim: 1, first: 0 },
    { num_tokens: 5, emb_dim: 65, first: 0 },
    { num_tokens: 130, emb_dim: 48, first: 66 },
    { num_tokens: 4, emb_dim: 768, first: 0 },
  ])("$num_tokens tokens of $emb_dim, from $first on", ({ num_tokens, emb_dim, first }) => {
    const x = randomValues(num_tokens * emb_dim, 3, { outliers: true });
    const shown = num_tokens - first;
    const outputs = runCpuKernel(
      build,
      residualNorm,
      { x: guarded(x), norms: unwritten(3 * shown), last: unwritten(3 * emb_dim) },
      { num_tokens, emb_dim, layer: 1, first },
      {},
    );
    const [norms, last] = [asFloats(outputs.norms), asFloats(outputs.last)];
    expectClose(norms.slice(shown, 2 * shown), reference(x, num_tokens).subarray(first), { rel: 1e-6 });
    expect(last.slice(emb_dim, 2 * emb_dim)).toEqual(x.slice(-emb_dim));
    // Of the layers before and after it nothing is written.
    norms.set(unwritten(shown).subarray(0, shown), shown);
    last.set(unwritten(emb_dim).subarray(0, emb_dim), emb_dim);
    expect(norms).toEqual(unwritten(3 * shown));
    expect(last).toEqual(unwritten(3 * emb_dim));
  });
});
