import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { notebook as inspected } from "../../tools/parity/inspection.json";
import notebook from "../../tools/parity/notebook.json";
import { GPT_CONFIG_124M } from "../config.ts";
import { expectFingerprints } from "../test/gpu-fingerprints.ts";
import { allHeads, expectLens, expectWholeRows } from "../test/inspection.ts";
import { expectLogits, logitsAt } from "../test/logits.ts";
import { expectClose, maxAbsError } from "../test/matchers.ts";
import { report } from "../test/report.ts";
import { inspect } from "./inspect.ts";
import { ModelHandle } from "./model-handle.ts";

// The notebook's own model, 124M parameters from seed 123, against what PyTorch says of it.

const masks = ["causal", "none"] as const;
const TOLERANCE = 1e-3; // of a logit in f32; 1e-4 is hoped for
const PRINTED = 1e-4; // of what the notebook prints with four decimals

const build = (mask: "causal" | "none") => ModelHandle.fromSeed(notebook.seed, GPT_CONFIG_124M, { mask });
let models: Record<"causal" | "none", ModelHandle>;

beforeAll(async () => {
  const [causal, none] = await Promise.all(masks.map(build));
  models = { causal, none };
});
afterAll(() => {
  for (const mask of masks) models[mask].destroy();
});

it("has the notebook's configuration and number of parameters", () => {
  expect(GPT_CONFIG_124M).toEqual(notebook.config);
  const { accounting } = models.causal.device;
  expect(accounting.liveBytes / 4).toBe(notebook.parameters); // one copy, for both masks, and nothing else
});

it("has PyTorch's weights, as they lie on the GPU", async () => {
  const { value, share } = await expectFingerprints(models.causal, notebook.weights);
  report(`notebook: ${notebook.weights.length} tensors, largest error of a weight`, value, 2e-6);
  report("notebook: sums over the tensors, largest share of a bound", share, 1);
});

describe.each(masks)("mask %s", (mask) => {
  it("gives PyTorch's logits", async () => {
    const logits = await models[mask].forward(notebook.batch);
    expect(logits.shape).toEqual([2, 4, 50257]);
    const error = expectLogits(logits, notebook[mask].eval_logits, TOLERANCE);
    report(`notebook, mask ${mask}: largest error of the logits`, error, TOLERANCE);
  });

  it("shows PyTorch's attention weights, norms and logit lens", async () => {
    const { attention, residual_norms, lens } = inspected[mask];
    const inspection = await inspect(models[mask], [inspected.ids]);
    for (const [layer, heads] of allHeads(inspection).entries()) {
      for (const [head, weights] of heads.entries()) {
        const { last_row, checksum } = attention[layer]![head]!;
        expectClose(weights.subarray(-4), last_row, { abs: 1e-5 });
        const sum = weights.reduce((total, weight, i) => total + i * weight, 0);
        expect(Math.abs(sum - checksum)).toBeLessThan(120 * 1e-5); // 0 + 1 + ... + 15 = 120
      }
    }
    expectWholeRows(inspection);
    const norms = inspection.residualNorms.flatMap((layer) => [...layer]);
    expectClose(norms, residual_norms.flat(), { abs: TOLERANCE });
    const error = expectLens(inspection, lens, TOLERANCE);
    report(`notebook, mask ${mask}: largest error of the logit lens`, error, TOLERANCE);
  });

  it("gives PyTorch's logits in training mode, with its dropout", async () => {
    const fresh = await build(mask); // dropout draws on from call to call
    try {
      const logits = await fresh.forward(notebook.batch, { training: true });
      const error = expectLogits(logits, notebook[mask].training_logits, TOLERANCE);
      report(`notebook, mask ${mask}: largest error of the logits in training mode`, error, TOLERANCE);

      const again = await fresh.forward(notebook.batch, { training: true });
      expect(maxAbsError(again.data, logits.data)).toBeGreaterThan(0.1); // other elements are dropped
    } finally {
      fresh.destroy();
    }
  });
});

it("gives the logits that the notebook prints, to the fourth decimal", async () => {
  const fresh = await build("none");
  try {
    const row = logitsAt(await fresh.forward(notebook.batch, { training: true }), 0, 0);
    const printed = [-0.0072, -0.2137, -0.3467, -0.324, -0.2338, -0.107]; // the first and last three of its first row
    const error = maxAbsError([...row.subarray(0, 3), ...row.subarray(-3)], printed);
    expect(error).toBeLessThanOrEqual(PRINTED);
    report("notebook: largest error of the logits it prints", error, PRINTED);
  } finally {
    fresh.destroy();
  }
});
