import { expect, test } from "vitest";
import notebook from "../../tools/parity/notebook.json" with { type: "json" };
import small from "../../tools/parity/small.json" with { type: "json" };
import { parameters, sizeOf } from "./parameters.ts";

test.each([notebook, ...small])("names, shapes and order are PyTorch's ($config)", ({ config, weights }) => {
  expect(parameters(config).map(({ name, shape }) => ({ name, shape }))).toEqual(
    weights.map(({ name, shape }) => ({ name, shape })),
  );
});

test("the notebook's model has 163,009,536 parameters", () => {
  const sizes = parameters(notebook.config).map(({ shape }) => sizeOf(shape));
  expect(sizes.reduce((a, b) => a + b)).toBe(163_009_536);
});
