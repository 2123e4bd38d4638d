import { afterAll, beforeAll, describe, expect, it } from "vitest";
import smallModels from "../../tools/parity/small.json";
import type { Engine } from "../gpu/engine.ts";
import { expectFingerprints, WEIGHT_TOLERANCE } from "../test/gpu-fingerprints.ts";
import { expectLogits } from "../test/logits.ts";
import { expectClose } from "../test/matchers.ts";
import { beliefs, believingEngine, buildModel } from "../test/models.ts";
import { report } from "../test/report.ts";
import type { Mask } from "./config.ts";
import type { GPTModel } from "./gpt-model.ts";

// Two small models of odd sizes, one with qkv_bias, against PyTorch: a batch of three, all logits.

const masks = ["causal", "none"] as const;
const TOLERANCE = 1e-4;

describe.each(beliefs)("the kernels for %s", (belief) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await believingEngine(belief);
  });
  afterAll(() => engine.gpu.destroy());

  describe.each(smallModels)("seed $seed", ({ seed, config, idx, weights, causal, none }) => {
    const expected = { causal, none };

    /** Runs `test` on a fresh model, which holds nothing on the GPU afterwards. */
    async function withModel(mask: Mask, test: (model: GPTModel) => Promise<void>): Promise<void> {
      const { ledger } = engine.gpu;
      const before = ledger.liveBytes;
      const model = await buildModel(engine, seed, config, mask);
      try {
        await test(model);
      } finally {
        model.destroy();
        await expect.poll(() => ledger.liveBytes).toBe(before);
      }
    }

    it("has PyTorch's weights", () =>
      withModel("causal", async (model) => {
        const { value } = await expectFingerprints(model, weights);
        report(`${belief}, seed ${seed}: largest error of a weight`, value, WEIGHT_TOLERANCE);
      }));

    it.each(masks)("gives PyTorch's logits, mask %s", (mask) =>
      withModel(mask, async (model) => {
        const { shape, data } = await model.forward(idx);
        expect(shape).toEqual([3, 9, config.vocab_size]);
        const error = expectClose(data, expected[mask].eval_logits.flat(2), { abs: TOLERANCE });
        report(`${belief}, seed ${seed}, mask ${mask}: largest error of the logits`, error, TOLERANCE);
      }),
    );

    it.each(masks)("gives PyTorch's logits in training mode, mask %s", (mask) =>
      withModel(mask, async (model) => {
        const logits = await model.forward(idx, { training: true });
        const error = expectLogits(logits, expected[mask].training_logits, TOLERANCE);
        report(`${belief}, seed ${seed}, mask ${mask}: largest error in training mode`, error, TOLERANCE);
      }),
    );
  });
});
