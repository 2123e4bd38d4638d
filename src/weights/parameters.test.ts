import fc from "fast-check";
import { expect, test } from "vitest";
import notebook from "../../tools/parity/notebook.json" with { type: "json" };
import shapes from "../../tools/parity/shapes.json" with { type: "json" };
import small from "../../tools/parity/small.json" with { type: "json" };
import { parameterCount } from "../check-config.ts";
import type { GPTConfig } from "../config.ts";
import { parameters, sizeOf } from "./parameters.ts";

test.each([notebook, ...shapes])("PyTorch counts $parameters", ({ config, parameters }) => {
  expect(parameterCount(config)).toBe(parameters);
});

test.each([notebook, ...small, ...shapes])(
  "names, shapes and order are PyTorch's ($config)",
  ({ config, weights }) => {
    expect(parameters(config).map(({ name, shape }) => ({ name, shape }))).toEqual(
      weights.map(({ name, shape }) => ({ name, shape })),
    );
  },
);

const summed = (config: GPTConfig) => parameters(config).reduce((sum, { shape }) => sum + sizeOf(shape), 0);

test("the notebook's model has 163,009,536 parameters", () => {
  expect(summed(notebook.config)).toBe(163_009_536);
});

test("they are as many as are counted without listing them", () => {
  const size = fc.integer({ min: 1, max: 40 });
  const config: fc.Arbitrary<GPTConfig> = fc.record({
    vocab_size: size,
    context_length: size,
    emb_dim: size,
    n_heads: fc.constant(1),
    n_layers: size,
    drop_rate: fc.constant(0),
    qkv_bias: fc.boolean(),
  });
  fc.assert(
    fc.property(config, (config) => {
      expect(parameterCount(config)).toBe(summed(config));
    }),
  );
});
