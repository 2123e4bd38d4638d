import { describe, expect, it } from "vitest";
import type { Kernel } from "../../src/device/kernel.ts";
import { embedding } from "../../src/kernels/embedding.ts";
import { flashAttention, flashAttentionTile } from "../../src/kernels/flash-attention.ts";
import { flashDecoding, flashDecodingCombine } from "../../src/kernels/flash-decoding.ts";
import { layerNorm } from "../../src/kernels/layer-norm.ts";
import { layerNormLinear, layerNormQKV, linear, qkv } from "../../src/kernels/linear.ts";
import { topK, topKBlocks, topKMerge } from "../../src/kernels/top-k.ts";
import { referencesOf, shaderParts, textOf } from "../../src/ui/machine/shader-parts.ts";
import { references, shaders } from "../../src/ui/machine/sources.ts";

const families = { linear, qkv, layerNormLinear, layerNormQKV, flashAttention, embedding };
const kernels: Kernel[] = [
  ...Object.values(families).flatMap((family) =>
    Object.values(family).flatMap((kernel) => ("wgsl" in kernel ? [kernel] : Object.values(kernel))),
  ),
  flashAttentionTile,
  flashDecoding,
  flashDecodingCombine,
  layerNorm,
  topK,
  topKBlocks,
  topKMerge,
] as unknown as Kernel[];

describe("a shader that was put together from files", () => {
  it.each(kernels.map((kernel) => [kernel.label, kernel.wgsl]))("%s is taken apart again", (_, wgsl) => {
    const parts = shaderParts(wgsl, shaders);
    const squeezed = (text: string) => text.replace(/\n+/g, "\n").trim(); // files are joined by blank lines
    expect(squeezed(parts.map(({ lines }) => textOf(lines)).join("\n"))).toBe(squeezed(wgsl));
    const loose = parts.filter(({ file }) => file === undefined).map(({ lines }) => textOf(lines).trim());
    expect(loose.filter((text) => text !== "enable subgroups;")).toEqual([]);
  });

  it("names its references, which are there to be shown", () => {
    for (const { label, wgsl } of kernels) {
      expect(referencesOf(wgsl), label).not.toEqual([]);
      for (const file of referencesOf(wgsl)) expect(references, label).toHaveProperty([file]);
    }
  });
});

it("shows what stands in no file as it is", () => {
  const files = { "a.wgsl": [[["one", 1]], []] as const };
  const parts = shaderParts("before\none\nafter", files);
  expect(parts.map(({ file, lines }) => [file, textOf(lines)])).toEqual([
    [undefined, "before"],
    ["a.wgsl", "one\n"],
    [undefined, "after"],
  ]);
});
