import { expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../../config.ts";
import { changesIn, configOf, seedIn } from "./model-config.ts";

it("of a seed's model its name says all", () => {
  expect(configOf("seed:7")).toEqual(GPT_CONFIG_124M);
  expect(configOf("seed:7#context_length=64&precision=f16")).toEqual({
    ...GPT_CONFIG_124M,
    context_length: 64,
  });
});

it.each([
  "gpt2",
  "file:model.safetensors#n_heads=4",
  "https://a.example/seed:7#n_layers=4",
  "seed:x#n_layers=4",
  "seed:7#n_layers=1000000000",
  "seed:7#layers=4",
  "",
])("of %s nothing is known", (model) => {
  expect(configOf(model)).toBe(GPT_CONFIG_124M);
  expect(seedIn(model)).toBeUndefined();
});

it("what is not as in the notebook, as it is written there", () => {
  expect(changesIn(GPT_CONFIG_124M)).toEqual([]);
  expect(changesIn(configOf("seed:7#n_layers=12&qkv_bias=false"))).toEqual([]);
  expect(changesIn(configOf("seed:7#qkv_bias=true&n_layers=4&drop_rate=0.25"))).toEqual([
    "n_layers=4",
    "drop_rate=0.25",
    "qkv_bias=True",
  ]);
});
