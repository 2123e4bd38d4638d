import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../../config.ts";
import { type Module, outlineOf } from "./model-outline.ts";

const { before, block, after } = outlineOf(GPT_CONFIG_124M, 2, 4);
const all: readonly Module[] = [...before, ...block, ...after];
const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

it("goes through the notebook's modules in their order, with the shapes that they give", () => {
  expect(before.map(({ name }) => name)).toEqual(["tok_emb", "pos_emb", "drop_emb"]);
  expect(block.map(({ name }) => name)).toEqual([
    "norm1",
    "att",
    "drop_shortcut",
    "x = x + shortcut",
    "norm2",
    "ff",
    "drop_shortcut",
    "x = x + shortcut",
  ]);
  expect(after.map(({ name, shape }) => [name, shape])).toEqual([
    ["final_norm", "[2, 4, 768]"],
    ["out_head", "[2, 4, 50257]"],
  ]);
});

it.each(all.map((module) => [module.name, module] as const))(
  "%s has its module and its shader",
  (name, module) => {
    const isWrittenInModel = name.startsWith("x = ") ? /[sS]hortcut/ : new RegExp(`\\b${name}\\b`);
    const source = ["gpt-model", "transformer-block", "embedding"]
      .map((file) => read(`src/model/${file}.ts`))
      .join();
    expect(source).toMatch(isWrittenInModel);
    expect(read(module.file)).toMatch(/export class /);
    expect(read(module.shader)).toMatch(/^\/\/ [\w-]+: /);
  },
);
