import { expect, it } from "vitest";
import { parseSeed } from "./model-source.ts";
import { modelName, modelNote } from "./model-words.ts";

it.each([
  [
    "seed:123",
    "Untrained, seed 123",
    "The notebook's 124M model before training: its weights are drawn here",
  ],
  ["seed:123#n_layers=12&precision=f16", "Untrained, seed 123", "The notebook's 124M model"],
  [
    "seed:7#n_layers=4&emb_dim=96&n_heads=4&context_length=64",
    "Untrained, seed 7 (4 layers, 96 wide)",
    "The notebook's GPTModel with context_length=64, emb_dim=96, n_heads=4, n_layers=4, before training: its 10,101,888 parameters are drawn here",
  ],
  ["seed:7#n_layers=1", "Untrained, seed 7 (1 layer, 768 wide)", "The notebook's GPTModel with n_layers=1"],
  ["seed:7#qkv_bias=true", "Untrained, seed 7 (12 layers, 768 wide)", "with qkv_bias=True, before training"],
])("%s", (model, name, note) => {
  expect(modelName(parseSeed(model))).toBe(name);
  expect(modelNote(parseSeed(model))).toContain(note);
});
