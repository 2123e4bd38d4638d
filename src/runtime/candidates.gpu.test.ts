import { describe, expect, it } from "vitest";
import { topK } from "../reference/top-k.ts";
import { choicesHere, itOnGpu, type kernelChoices, withModel } from "../test/models.ts";

// The k best of a step, from its own logits: searched by one workgroup a row, or by one for each block of the vocabulary.

const config = {
  vocab_size: 1100,
  context_length: 8,
  emb_dim: 16,
  n_heads: 2,
  n_layers: 1,
  drop_rate: 0,
  qkv_bias: false,
};
const idx = [
  [3, 1099, 5],
  [7, 0, 600],
];

describe.each(choicesHere)("kernels: %s", (kernels) => {
  it.each([0, 1, 10, 32, 33])("the %i best are those of the logits, and the first is chosen", (k) =>
    withModel({ seed: 5, config, kernels }, async (model) => {
      const decoding = await model.startDecoding({ batch: 2, capacity: 8, topK: k, logits: true });
      try {
        for (const step of [await decoding.prefill(idx), await decoding.next()]) {
          for (const [row, logits] of step.logits!.entries()) {
            const [best] = topK(logits, config.vocab_size, Math.max(k, 1));
            expect(step.ids[row]).toBe(best![0]!.id);
            expect(step.top[row]!.map(({ id }) => id)).toEqual(best!.slice(0, k).map(({ id }) => id));
            for (const [rank, { probability }] of step.top[row]!.entries())
              expect(probability).toBeCloseTo(best![rank]!.probability, 6);
          }
        }
      } finally {
        await decoding.destroy();
      }
    }),
  );
});

itOnGpu("searches blocks on graphics cards alone, and not for many candidates", async () => {
  const labels = async (kernels: keyof typeof kernelChoices, k: number) => {
    let found: string[] = [];
    await withModel({ seed: 5, config, kernels }, async (model) => {
      const decoding = await model.startDecoding({ batch: 1, capacity: 8, topK: k });
      await decoding.prefill([[1]]);
      found = decoding.decodeRecording.dispatches.map(({ kernel }) => kernel.label);
      await decoding.destroy();
    });
    return found.filter((label) => /top-k|argmax/.test(label));
  };
  expect(await labels("subgroups", 10)).toEqual(["top-k-blocks", "top-k-merge"]);
  expect(await labels("subgroups", 0)).toEqual(["top-k-blocks", "top-k-merge"]);
  expect(await labels("subgroups", 33)).toEqual(["top-k"]);
  expect(await labels("memory", 10)).toEqual(["top-k-blocks", "top-k-merge"]);
  expect(await labels("thread", 10)).toEqual(["top-k"]);
  expect(await labels("quads", 0)).toEqual(["argmax"]);
});
