import { describe, expect, it } from "vitest";
import smallModels from "../../tools/parity/small.json";
import type { GPTConfig } from "../config.ts";
import { expectClose } from "../test/matchers.ts";
import { seededWeights } from "../test/seeded-weights.ts";
import { generateTextSimple } from "./generate-text-simple.ts";
import { GPTModel } from "./gpt-model.ts";

/** PyTorch computes in f32: these models' logits, of about 1, carry its rounding errors. */
const TOLERANCE = { abs: 2e-6 };
const MASKS = ["causal", "none"] as const;

describe.each(smallModels)("PyTorch's small model with seed $seed", (fixture) => {
  const { config, seed, idx } = fixture;
  const { vocab_size, context_length, n_layers } = config;
  const build = () => seededWeights(config, seed);

  it.each(MASKS)("gives PyTorch's logits (%s)", (mask) => {
    const logits = new GPTModel(build().weights, config, mask).forward(idx);
    const error = expectClose(logits, fixture[mask].eval_logits.flat(2), TOLERANCE);
    console.info(`seed ${seed}, ${mask}: largest error of the logits ${error.toExponential(2)}`);
  });

  it.each(MASKS)("gives PyTorch's logits in training mode, with its dropout (%s)", (mask) => {
    const { weights, generator } = build();
    const logits = new GPTModel(weights, config, mask).forward(idx, () => generator.draw());
    const rows = fixture[mask].training_logits.flat();
    expect(logits.length).toBe(rows.length * vocab_size);
    const actual: number[] = [];
    const expected: number[] = [];
    rows.forEach(({ first, last, top_ids, top_logits, logsumexp, sum_sq }, i) => {
      const row = logits.subarray(i * vocab_size, (i + 1) * vocab_size);
      actual.push(...row.slice(0, 4), ...row.slice(-4), ...top_ids.map((id) => row[id]));
      expected.push(...first, ...last, ...top_logits);
      expect(Math.log(row.reduce((sum, v) => sum + Math.exp(v), 0))).toBeCloseTo(logsumexp, 5);
      expect(row.reduce((sum, v) => sum + v * v, 0) / sum_sq).toBeCloseTo(1, 5);
    });
    const error = expectClose(actual, expected, TOLERANCE);
    console.info(`seed ${seed}, ${mask}, training: largest error of the logits ${error.toExponential(2)}`);
  });

  it.each(MASKS)("chooses PyTorch's tokens, beyond the context length (%s)", { timeout: 60_000 }, (mask) => {
    const model = new GPTModel(build().weights, config, mask);
    expect(generateTextSimple(model, idx, 40, context_length)).toEqual(fixture[mask].generated);
  });

  it.each(MASKS)("chooses PyTorch's tokens from the last four alone (%s)", { timeout: 60_000 }, (mask) => {
    const model = new GPTModel(build().weights, config, mask);
    expect(generateTextSimple(model, idx, 12, 4)).toEqual(fixture[mask].generated_context_size_4);
  });

  it("draws one number for each dropout: embeddings, and three in each block", () => {
    let draws = 0;
    new GPTModel(build().weights, config).forward(idx, () => ++draws);
    expect(draws).toBe(1 + 3 * n_layers);
  });
});

describe("without a fixture", () => {
  const config: GPTConfig = {
    vocab_size: 11,
    context_length: 8,
    emb_dim: 6,
    n_heads: 2,
    n_layers: 2,
    drop_rate: 0,
    qkv_bias: true,
  };
  const { weights } = seededWeights(config, 1);
  const logitsOfFirst4 = (mask: "causal" | "none", idx: number[]) =>
    new GPTModel(weights, config, mask).forward([idx]).slice(0, 4 * config.vocab_size);

  it("a token's logits do not depend on later tokens under the causal mask, and do without", () => {
    expect(logitsOfFirst4("causal", [1, 2, 3, 4, 5])).toEqual(logitsOfFirst4("causal", [1, 2, 3, 4, 9]));
    expect(logitsOfFirst4("none", [1, 2, 3, 4, 5])).not.toEqual(logitsOfFirst4("none", [1, 2, 3, 4, 9]));
  });

  it("a drop rate of 0 draws nothing and changes nothing", () => {
    const noDraw = () => {
      throw new Error("drawn");
    };
    const model = new GPTModel(weights, config);
    expect(model.forward([[1, 2, 3]], noDraw)).toEqual(model.forward([[1, 2, 3]]));
  });

  it("names the weight that is missing", () => {
    const incomplete = new Map(weights);
    incomplete.delete("trf_blocks.1.ff.layers.0.weight");
    const forward = () => new GPTModel(incomplete, config).forward([[1]]);
    expect(forward).toThrow("trf_blocks.1.ff.layers.0.weight");
  });
});
