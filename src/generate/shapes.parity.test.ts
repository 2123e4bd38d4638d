import { expect, it } from "vitest";
import shapes from "../../tools/parity/shapes.json";
import { ModelHandle } from "../runtime/model-handle.ts";
import { expectFingerprints, WEIGHT_TOLERANCE } from "../test/gpu-fingerprints.ts";
import { appended, expectSameIds, stepsOf } from "../test/ids.ts";
import { expectLogits } from "../test/logits.ts";
import { report } from "../test/report.ts";

// Models that `fromSeed` makes of other configurations, with GPT-2's own tokens, against PyTorch: their weights, their
// logits, and twenty ids, with the second model on beyond its context length.

const TOLERANCE = 1e-4;
const cases = shapes.flatMap((fixture) =>
  (["causal", "none"] as const).map((mask) => ({ ...fixture, mask })),
);

it.each(cases)(
  "$config.emb_dim wide, mask $mask",
  async ({ seed, config, prompt, weights, mask, causal, none }) => {
    const { generated, margins, eval_logits } = { causal, none }[mask];
    const model = await ModelHandle.fromSeed(seed, config, { mask });
    try {
      const { value } = await expectFingerprints(model, weights);
      report(`${config.emb_dim} wide: largest error of a weight`, value, WEIGHT_TOLERANCE);
      const error = expectLogits(await model.forward(prompt), eval_logits, TOLERANCE);
      report(`${config.emb_dim} wide, mask ${mask}: largest error of the logits`, error, TOLERANCE);
      const { context_length } = config;
      const steps = await stepsOf(model, prompt, { maxNewTokens: 20, contextSize: context_length });
      const [found] = appended(prompt, steps);
      expect(found).toHaveLength(24);
      expectSameIds(found!.slice(4), generated.slice(4), margins, error);
    } finally {
      model.destroy();
    }
  },
);
