import { describe, expect, it } from "vitest";
import { splitsFor } from "../kernels/flash-decoding.ts";
import { GPTModel } from "../reference/gpt-model.ts";
import { expectClose } from "../test/matchers.ts";
import { choicesHere, itOnGpu, withModel } from "../test/models.ts";
import { seededWeights } from "../test/seeded-weights.ts";

// Contexts so long that attention splits its keys while decoding, and takes several tiles while reading a prompt: the
// kernels of a graphics card, with the cache and without, against the model in f64.

const seed = 9;
const config = {
  vocab_size: 61,
  context_length: 200,
  emb_dim: 32,
  n_heads: 2,
  n_layers: 2,
  drop_rate: 0,
  qkv_bias: true,
};
const T = 140;
const idx = [0, 1].map((row) => Array.from({ length: T }, (_, i) => (i * i * 7 + 13 * row + i) % 61));

describe.each(choicesHere.filter((choice) => choice !== "quads"))("kernels by %s", (kernels) => {
  // Steps around the ends of a split: 64 keys, and 128.
  it.each([60, 124])("the cache gives the reference's logits, from %i tokens on", (start) =>
    withModel({ seed, config, kernels }, async (model) => {
      const { vocab_size } = config;
      const logits = new GPTModel(seededWeights(config, seed).weights, config).forward(idx);
      const rowOf = (b: number, t: number) =>
        logits.subarray((b * T + t) * vocab_size, (b * T + t + 1) * vocab_size);
      expect(splitsFor(config.context_length)).toBeGreaterThan(3);
      const decoding = await model.startDecoding({
        batch: 2,
        capacity: config.context_length,
        topK: 0,
        logits: true,
      });
      try {
        let step = await decoding.prefill(idx.map((row) => row.slice(0, start)));
        for (let t = start; t < start + 8; t++) {
          for (const b of [0, 1]) expectClose(step.logits![b]!, rowOf(b, t - 1), { abs: 1e-4 });
          step = await decoding.next(idx.map((row) => row[t]!));
        }
      } finally {
        await decoding.destroy();
      }
    }),
  );

  it.each(["causal", "none"] as const)("without the cache too, mask %s", (mask) =>
    withModel({ seed, config, mask, kernels }, async (model) => {
      const logits = new GPTModel(seededWeights(config, seed).weights, config, mask).forward(idx);
      expectClose((await model.forward(idx)).data, logits, { abs: 1e-4 });
    }),
  );
});

itOnGpu("records the kernels that cards get, and for other adapters none of them", async () => {
  const labels: Record<string, string[]> = {};
  for (const kernels of choicesHere) {
    await withModel({ seed, config, kernels }, async (model) => {
      const decoding = await model.startDecoding({ batch: 1, capacity: 200, topK: 0 });
      await decoding.prefill([idx[0]!.slice(0, 3)]);
      const all = [decoding.prefillRecording, decoding.decodeRecording].flatMap(({ dispatches }) =>
        dispatches.map(({ kernel }) => kernel.label).filter((label) => label.startsWith("flash")),
      );
      labels[kernels] = [...new Set(all)];
      await decoding.destroy();
    });
  }
  expect(labels).toEqual({
    thread: ["flash-attention (vec4)"],
    quads: ["flash-attention-quad (vec4)"],
    memory: ["flash-attention-tile", "flash-decoding", "flash-decoding-combine"],
    subgroups: ["flash-attention-tile", "flash-decoding", "flash-decoding-combine"],
  });
});
