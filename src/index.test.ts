import { expect, test } from "vitest";

test("the public API can be imported where there is no WebGPU, and holds what the design freezes", async () => {
  expect("GPUBufferUsage" in globalThis).toBe(false); // or this test would prove nothing
  const api = await import("./index.ts");
  expect(Object.keys(api).sort()).toEqual([
    "CheckpointError",
    "GPTModel",
    "GPT_CONFIG_124M",
    "ModelCache",
    "NextTokenError",
    "generate",
    "generateTextSimple",
    "inspect",
    "loadTokenizer",
    "profileStep",
    "publishedModels",
  ]);
});

test("without WebGPU a model is refused with a sentence", async () => {
  const { GPTModel, GPT_CONFIG_124M } = await import("./index.ts");
  await expect(GPTModel.fromSeed(123, GPT_CONFIG_124M)).rejects.toMatchObject({
    name: "NextTokenError",
    code: "no-webgpu",
  });
});
