import { afterAll, beforeAll, describe, expect, it } from "vitest";
import smallModels from "../../tools/parity/small.json";
import type { Gpu } from "../gpu/gpu.ts";
import { narrowDevice } from "../test/adapters.ts";
import { gpuParameters } from "../test/gpu-parameters.ts";
import { expectClose } from "../test/matchers.ts";
import { buildModel, choicesHere, tiny, withModel } from "../test/models.ts";
import type { StepResult } from "./decode-context.ts";
import type { ModelHandle } from "./model-handle.ts";

// Tensors larger than one binding, as the embedding and the head of GPT-2 are on many adapters. Here the limit is so
// small that every matrix comes in several parts, and no part ends where W_query, W_key and W_value do.

const LIMIT = 6300;

/** The three tokens chosen after `idx`, through prefill and cache, with all candidates. */
async function decode(model: ModelHandle, idx: number[][]): Promise<StepResult[]> {
  const decoding = await model.startDecoding({ batch: idx.length, capacity: idx[0].length + 2, topK: 10 });
  try {
    return [await decoding.prefill(idx), await decoding.next(), await decoding.next()];
  } finally {
    await decoding.destroy();
  }
}

describe("a GPU that binds little", () => {
  let narrow: Gpu;
  beforeAll(async () => {
    narrow = await narrowDevice(LIMIT);
  });
  afterAll(() => narrow.destroy());

  describe.each(smallModels)("seed $seed", ({ seed, config, idx, causal }) => {
    it("holds every matrix but pos_emb in parts", async () => {
      const model = await buildModel(narrow, { seed, config });
      const whole = config.context_length * config.emb_dim;
      for (const [name, pieces] of gpuParameters(model)) {
        const values = pieces.reduce((sum, piece) => sum + piece.values, 0);
        const isMatrix = values > 4 * config.emb_dim && values !== whole;
        expect(pieces.length > 1, `${name}, ${values} values`).toBe(isMatrix);
        for (const { buffer } of pieces) expect(buffer.size).toBeLessThanOrEqual(LIMIT);
      }
      model.destroy();
    });

    it.each(choicesHere)("gives the same numbers, kernels by %s", (kernels) =>
      withModel({ seed, config, kernels }, async (unsplit) => {
        const split = await buildModel(narrow, { seed, config }, { kernels });
        const { shape, data } = await split.forward(idx);
        expect(shape).toEqual([3, 9, config.vocab_size]);
        expectClose(data, causal.eval_logits.flat(2), { abs: 1e-4 });
        // A feature is computed in the same order whatever part it lies in.
        expect(data).toEqual((await unsplit.forward(idx)).data);
        expect(await decode(split, idx)).toEqual(await decode(unsplit, idx));
        split.destroy();
      }),
    );
  });
});

it.each([
  ["one row of a matrix", 60],
  ["pos_emb, which is not split", 500],
])("refuses a model when %s does not fit, and keeps nothing of it", async (_, bytes) => {
  const device = await narrowDevice(bytes);
  await expect(buildModel(device, tiny)).rejects.toEqual(
    expect.objectContaining({ name: "NextTokenError", code: "limits-too-small" }),
  );
  expect(device.accounting.liveBytes).toBe(0);
  device.destroy();
});
