import { describe, expect, it } from "vitest";
import smallModels from "../../tools/parity/small.json";
import { expectFingerprints, WEIGHT_TOLERANCE } from "../test/gpu-fingerprints.ts";
import { expectLogits } from "../test/logits.ts";
import { expectClose } from "../test/matchers.ts";
import { choicesHere, withModel } from "../test/models.ts";
import { report } from "../test/report.ts";

// Two small models of odd sizes, one with qkv_bias, against PyTorch: a batch of three, all logits.

const masks = ["causal", "none"] as const;
const TOLERANCE = 1e-4;

describe.each(smallModels)("seed $seed", ({ seed, config, idx, weights, causal, none }) => {
  const expected = { causal, none };

  it("has PyTorch's weights", () =>
    withModel({ seed, config }, async (model) => {
      const { value } = await expectFingerprints(model, weights);
      report(`seed ${seed}: largest error of a weight`, value, WEIGHT_TOLERANCE);
    }));

  describe.each(choicesHere)("kernels by %s", (kernels) => {
    it.each(masks)("gives PyTorch's logits, mask %s", (mask) =>
      withModel({ seed, config, mask, kernels }, async (model) => {
        const { shape, data } = await model.forward(idx);
        expect(shape).toEqual([3, 9, config.vocab_size]);
        const error = expectClose(data, expected[mask].eval_logits.flat(2), { abs: TOLERANCE });
        report(`seed ${seed}, ${kernels}, mask ${mask}: largest error of the logits`, error, TOLERANCE);
      }),
    );

    it.each(masks)("gives PyTorch's logits in training mode, mask %s", (mask) =>
      withModel({ seed, config, mask, kernels }, async (model) => {
        const logits = await model.forward(idx, { training: true });
        const error = expectLogits(logits, expected[mask].training_logits, TOLERANCE);
        report(`seed ${seed}, ${kernels}, mask ${mask}: largest error in training mode`, error, TOLERANCE);
      }),
    );
  });

  // With the last logits of one row at a time the products have few rows, and other kernels.
  it.each(choicesHere)("gives them row by row too, kernels by %s", (kernels) =>
    withModel({ seed, config, kernels }, async (model) => {
      for (const [b, row] of idx.entries()) {
        for (const length of [1, 3, 9]) {
          const { shape, data } = await model.forward([row.slice(0, length)], { logits: "last" });
          expect(shape).toEqual([1, 1, config.vocab_size]);
          expectClose(data, causal.eval_logits[b][length - 1], { abs: TOLERANCE });
        }
      }
    }),
  );
});
