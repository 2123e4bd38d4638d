import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import notebook from "../../tools/parity/notebook.json";
import { GPT_CONFIG_124M } from "../config.ts";
import { ModelHandle } from "../runtime/model-handle.ts";
import { appended, expectSameIds, stepsOf } from "../test/ids.ts";
import { expectLogits } from "../test/logits.ts";
import { generateTextSimple } from "./generate-text-simple.ts";

// The ids that the notebook's own model chooses, against PyTorch's. Without a mask every step computes the whole context.

const LARGEST_ERROR = 1e-3; // of a logit in f32
const { prompt, batch } = notebook;

declare module "vitest" {
  interface ProvidedContext {
    /** How many of PyTorch's ids are compared where all would take too long. */
    newTokens?: number;
  }
}
const maxNewTokens = inject("newTokens") ?? 40;

describe.each(["causal", "none"] as const)("mask %s", (mask) => {
  const { generated, generated_batch, margins, eval_logits } = notebook[mask];
  let model: ModelHandle;
  beforeAll(async () => {
    model = await ModelHandle.fromSeed(notebook.seed, GPT_CONFIG_124M, { mask });
  });
  afterAll(() => model.destroy());

  it(`chooses PyTorch's first ${maxNewTokens} ids`, async () => {
    const error = expectLogits(await model.forward(batch), eval_logits, LARGEST_ERROR);
    const steps = await stepsOf(model, prompt, { maxNewTokens });
    const [found] = appended(prompt, steps);
    expect(margins).toHaveLength(40);
    expect(found).toHaveLength(4 + maxNewTokens);
    expectSameIds(found.slice(4), generated.slice(4, 4 + maxNewTokens), margins, error);

    // Our own margins are PyTorch's.
    const differences = steps.map(({ top: [[best, second]] }, i) =>
      Math.abs(best.logit - second.logit - margins[i]),
    );
    expect(Math.max(...differences)).toBeLessThanOrEqual(2 * LARGEST_ERROR);
    console.info(
      `notebook, mask ${mask}: ${maxNewTokens} ids; smallest margin ${Math.min(...margins).toExponential(1)}, ` +
        `largest error of a logit ${error.toExponential(1)}, of a margin ${Math.max(...differences).toExponential(1)}`,
    );
  });

  it("chooses PyTorch's ids for the batch of two", async () => {
    const count = Math.ceil(maxNewTokens / 4);
    const steps = await stepsOf(model, batch, { maxNewTokens: count });
    expect(generated_batch).toEqual([expect.any(Array), expect.any(Array)]);
    expect(appended(batch, steps)).toEqual(generated_batch.map((row) => row.slice(0, 4 + count)));
  });

  it("chooses the same in the notebook's own loop", async () => {
    const ids = await generateTextSimple(model, prompt, 3, GPT_CONFIG_124M.context_length);
    expect(ids).toEqual([generated.slice(0, 7)]);
  });
});
