import { describe, expect, it } from "vitest";
import { small } from "../../tools/parity/inspection.json";
import { allHeads, expectLens, expectWholeRows } from "../test/inspection.ts";
import { expectClose } from "../test/matchers.ts";
import { choicesHere, withModel } from "../test/models.ts";
import { report } from "../test/report.ts";
import { inspect, MAX_INSPECTED } from "./inspect.ts";

// A small model with qkv_bias, looked into by PyTorch: all attention weights, norms, and the logit lens.

const { config, seed, ids, long_ids, causal, none } = small;
const expected = { causal, none };
const WEIGHT_TOLERANCE = 1e-5;
const TOLERANCE = 1e-4;

describe.each(choicesHere)("kernels by %s", (kernels) => {
  it.each(["causal", "none"] as const)("shows what PyTorch holds, mask %s", (mask) =>
    withModel({ seed, config, mask, kernels }, async (model) => {
      const inspection = await inspect(model, [ids]);
      const { attention, residual_norms, lens } = expected[mask];
      expect(inspection).toMatchObject({ ids, firstPosition: 0, mask, n_layers: 2, n_heads: 2 });
      const heads = allHeads(inspection).flatMap((layer) => layer.flatMap((head) => [...head]));
      const error = expectClose(heads, attention.flat(3), { abs: WEIGHT_TOLERANCE });
      report(`inspection, ${kernels}, mask ${mask}: largest error of a weight`, error, WEIGHT_TOLERANCE);
      expectWholeRows(inspection);
      const norms = inspection.residualNorms.flatMap((layer) => [...layer]);
      expectClose(norms, residual_norms.flat(), { abs: TOLERANCE });
      expectLens(inspection, lens, TOLERANCE);
    }),
  );
});

it.each(["causal", "none"] as const)("shows the last 64 of a longer row, mask %s", (mask) =>
  withModel({ seed, config, mask }, async (model) => {
    const inspection = await inspect(model, [ids.concat(long_ids.slice(9)), long_ids], { row: 1 });
    expect(inspection.ids).toEqual(long_ids.slice(-MAX_INSPECTED));
    expect(inspection.firstPosition).toBe(long_ids.length - MAX_INSPECTED);
    const { long_last_rows, long_residual_norms, long_lens } = expected[mask];
    const lastRows = allHeads(inspection).flatMap((layer) =>
      layer.flatMap((head) => [...head.subarray(-MAX_INSPECTED)]),
    );
    expectClose(lastRows, long_last_rows.flat(2), { abs: WEIGHT_TOLERANCE });
    const norms = inspection.residualNorms.flatMap((layer) => [...layer]);
    expectClose(norms, long_residual_norms.flat(), { abs: TOLERANCE });
    expectLens(inspection, long_lens, TOLERANCE);
  }),
);
