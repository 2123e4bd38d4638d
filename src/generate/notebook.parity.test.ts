import { afterAll, beforeAll, describe, expect, it } from "vitest";
import notebook from "../../tools/parity/notebook.json";
import { GPT_CONFIG_124M } from "../config.ts";
import { ModelHandle } from "../runtime/model-handle.ts";
import { appended, expectSameIds, stepsOf } from "../test/ids.ts";
import { expectLogits } from "../test/logits.ts";
import { generateTextSimple } from "./generate-text-simple.ts";

// The ids that the notebook's own model chooses, against PyTorch's. Without a mask every step computes the whole context.

const LARGEST_ERROR = 1e-3; // of a logit in f32
const { prompt, batch } = notebook;

describe.each(["causal", "none"] as const)("mask %s", (mask) => {
  const { generated, generated_batch, margins, eval_logits } = notebook[mask];
  let model: ModelHandle;
  beforeAll(async () => {
    model = await ModelHandle.fromSeed(notebook.seed, GPT_CONFIG_124M, { mask });
  });
  afterAll(() => model.destroy());

  it("chooses PyTorch's 40 ids", async () => {
    const error = expectLogits(await model.forward(batch), eval_logits, LARGEST_ERROR);
    const steps = await stepsOf(model, prompt, { maxNewTokens: 40 });
    const [found] = appended(prompt, steps);
    expect(margins).toHaveLength(40);
    expectSameIds(found.slice(4), generated.slice(4), margins, error);

    // Our own margins are PyTorch's.
    const differences = steps.map(({ top: [[best, second]] }, i) =>
      Math.abs(best.logit - second.logit - margins[i]),
    );
    expect(Math.max(...differences)).toBeLessThanOrEqual(2 * LARGEST_ERROR);
    console.info(
      `notebook, mask ${mask}: 40 ids; smallest margin ${Math.min(...margins).toExponential(1)}, ` +
        `largest error of a logit ${error.toExponential(1)}, of a margin ${Math.max(...differences).toExponential(1)}`,
    );
  });

  it("chooses PyTorch's ids for the batch of two", async () => {
    const steps = await stepsOf(model, batch, { maxNewTokens: 10 });
    expect(appended(batch, steps)).toEqual(generated_batch);
  });

  it("chooses the same in the notebook's own loop", async () => {
    const ids = await generateTextSimple(model, prompt, 3, GPT_CONFIG_124M.context_length);
    expect(ids).toEqual([generated.slice(0, 7)]);
  });
});
