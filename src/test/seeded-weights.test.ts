import { describe, expect, it } from "vitest";
import smallModels from "../../tools/parity/small.json";
import { expectClose } from "./matchers.ts";
import { seededWeights } from "./seeded-weights.ts";

describe.each(smallModels)(
  "PyTorch's small model with seed $seed",
  ({ config, seed, weights: fingerprints }) => {
    const { weights } = seededWeights(config, seed);

    it("has the same tensors", () => {
      const kernels = [...weights].map(([name, { shape }]) => [name, shape]);
      const expected = fingerprints.map(({ name, shape }) => [name, shape]);
      expect(new Map(kernels as [string, number[]][])).toEqual(new Map(expected as [string, number[]][]));
      expect(kernels.length).toBe(expected.length);
    });

    it.each(fingerprints)("has PyTorch's values in $name", ({ name, first, last, sum, sum_sq }) => {
      const { data } = weights.get(name)!;
      expectClose([...data.slice(0, 4), ...data.slice(-4)], [...first, ...last], { abs: 5e-7 });
      let actualSum = 0;
      let actualSquares = 0;
      for (const value of data) {
        actualSum += value;
        actualSquares += value * value;
      }
      expectClose([actualSum, actualSquares], [sum, sum_sq], { abs: 1e-3, rel: 1e-6 });
    });
  },
);

it("draws the last 16 once more where 16 do not divide a tensor, as PyTorch does", () => {
  const config = { ...smallModels[0].config, vocab_size: 3, emb_dim: 6, n_heads: 1, n_layers: 0 };
  const { data } = seededWeights(config, 1).weights.get("tok_emb.weight")!;
  // torch.manual_seed(1); torch.nn.Embedding(3, 6).weight
  const expected = [
    [-1.5255959, -0.7502318, 0.6995424, 0.19908163, 0.86569238, 0.2444039],
    [-0.66291136, 0.80730826, 0.43914157, 1.1712008, -2.2455578, -1.446458],
    [0.061155282, -0.61774445, -0.79806983, -0.13162321, -0.7984398, 0.33573052],
  ];
  expectClose(data, expected.flat(), { abs: 5e-7 });
});
