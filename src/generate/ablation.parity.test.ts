import { describe, expect, it } from "vitest";
import models from "../../tools/parity/ablation.json";
import type { HeadOfLayer } from "../config.ts";
import { appended, stepsOf } from "../test/ids.ts";
import { expectClose } from "../test/matchers.ts";
import { choicesHere, withModel } from "../test/models.ts";

// The ids that two small models choose without some of their heads, against PyTorch's: a batch of two, on beyond the context.

const TOLERANCE = 1e-4;
const maxNewTokens = 12;

describe.each(models)("seed $seed", (fixture) => {
  const { seed, config, idx } = fixture;

  it.each(choicesHere)("chooses PyTorch's ids with a KV cache, kernels by %s", (kernels) =>
    withModel({ seed, config, kernels }, async (model) => {
      for (const { heads, generated, smallest_margin } of fixture.causal) {
        expect(smallest_margin).toBeGreaterThan(2 * TOLERANCE);
        const ablate = heads as unknown as HeadOfLayer[];
        const steps = await stepsOf(model, idx, { maxNewTokens, ablate, logits: true });
        expect(appended(idx, steps)).toEqual(generated);
        // Not the ids alone: the logits of each step are those of a forward pass over the text so far.
        for (const [i, { logits, ids }] of steps.entries()) {
          const context = generated.map((row) =>
            row.slice(0, idx[0]!.length + i).slice(-config.context_length),
          );
          const { data } = await model.forward(context, { ablate, logits: "last" });
          expectClose(
            logits!.flatMap((row) => [...row]),
            data,
            { abs: TOLERANCE },
          );
          expect(logits!.map((row) => row.indexOf(Math.max(...row)))).toEqual(ids);
        }
      }
    }),
  );

  it.each(["causal", "none"] as const)("chooses PyTorch's ids without a cache, mask %s", (mask) =>
    withModel({ seed, config, mask }, async (model) => {
      for (const { heads, generated } of fixture[mask]) {
        const ablate = heads as unknown as HeadOfLayer[];
        const steps = await stepsOf(model, idx, { maxNewTokens, ablate, kvCache: false });
        expect(appended(idx, steps)).toEqual(generated);
      }
    }),
  );
});
