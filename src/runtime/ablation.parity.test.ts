import { describe, expect, it } from "vitest";
import models from "../../tools/parity/ablation.json";
import type { HeadOfLayer } from "../config.ts";
import { allHeads, expectLens } from "../test/inspection.ts";
import { expectClose, maxAbsError } from "../test/matchers.ts";
import { choicesHere, withModel } from "../test/models.ts";
import { report } from "../test/report.ts";
import { inspect } from "./inspect.ts";

// Two small models without one head, without heads of two layers, and without all heads of a layer, against PyTorch.

const WEIGHT_TOLERANCE = 1e-5;
const TOLERANCE = 1e-4;
const masks = ["causal", "none"] as const;

describe.each(models)("seed $seed", (fixture) => {
  const { seed, config, idx } = fixture;
  const [B, T] = [2, 6];

  it.each(choicesHere.flatMap((kernels) => masks.map((mask) => [kernels, mask] as const)))(
    "gives PyTorch's logits, kernels by %s, mask %s",
    (kernels, mask) =>
      withModel({ seed, config, mask, kernels }, async (model) => {
        const whole = await model.forward(idx);
        for (const { heads, logits, first_token_logits } of fixture[mask]) {
          const ablate = heads as unknown as HeadOfLayer[];
          const { shape, data } = await model.forward(idx, { ablate });
          expect(shape).toEqual([B, T, config.vocab_size]);
          const error = expectClose(data, logits.flat(2), { abs: TOLERANCE });
          report(`seed ${seed}, ${kernels}, mask ${mask}, without ${heads.join(" ")}`, error, TOLERANCE);
          expect(maxAbsError(data, whole.data)).toBeGreaterThan(0.01);

          // One token a row, and one row: products of few rows have other kernels.
          const first = await model.forward(
            idx.map(([id]) => [id!]),
            { ablate },
          );
          expectClose(first.data, first_token_logits.flat(2), { abs: TOLERANCE });
          const last = await model.forward([idx[1]!], { ablate, logits: "last" });
          expectClose(last.data, logits[1]![T - 1]!, { abs: TOLERANCE });
        }
        expect((await model.forward(idx)).data).toEqual(whole.data); // with all heads again
      }),
  );

  it.each(masks)("shows what PyTorch holds, mask %s", (mask) =>
    withModel({ seed, config, mask }, async (model) => {
      for (const { heads, last_attention, residual_norms, lens } of fixture[mask]) {
        const inspection = await inspect(model, idx, { ablate: heads as unknown as HeadOfLayer[] });
        const lastLayer = allHeads(inspection)
          .at(-1)!
          .flatMap((head) => [...head]);
        expectClose(lastLayer, last_attention.flat(2), { abs: WEIGHT_TOLERANCE });
        const norms = inspection.residualNorms.flatMap((layer) => [...layer]);
        expectClose(norms, residual_norms.flat(), { abs: TOLERANCE });
        expectLens(inspection, lens, TOLERANCE);
      }
    }),
  );
});
