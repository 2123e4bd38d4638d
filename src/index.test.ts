import { expect, test, vi } from "vitest";
import smallModels from "../tools/parity/small.json";
import { expectClose } from "./test/matchers.ts";

vi.setConfig({ testTimeout: 30_000 }); // the first import of everything, on a busy machine

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

test("without WebGPU a model for the GPU alone is refused with a sentence", async () => {
  const { GPTModel, GPT_CONFIG_124M } = await import("./index.ts");
  await expect(GPTModel.fromSeed(123, GPT_CONFIG_124M, { device: "gpu" })).rejects.toMatchObject({
    name: "NextTokenError",
    code: "no-webgpu",
  });
});

test("without WebGPU the processor computes, and the model says why", async () => {
  const { GPTModel, generateTextSimple } = await import("./index.ts");
  const { seed, config, idx, causal } = smallModels[0]!;
  const model = await GPTModel.fromSeed(seed, config);
  expect(model.adapter).toMatchObject({ kind: "cpu", name: "1 thread of the processor" });
  expect(model.insteadOfGpu).toBe("no-webgpu");
  const chosen = await GPTModel.fromSeed(seed, config, { device: "cpu" });
  expect(chosen.insteadOfGpu).toBeUndefined();
  const { data } = await chosen.forward(idx);
  expectClose(data, causal.eval_logits.flat(2), { abs: 1e-4 });
  expect(await generateTextSimple(model, idx, 3, 5)).toEqual(await generateTextSimple(chosen, idx, 3, 5));
  model.destroy();
  chosen.destroy();
});

test("what is no device is refused", async () => {
  const { GPTModel, GPT_CONFIG_124M } = await import("./index.ts");
  const device = "tpu" as "gpu";
  await expect(GPTModel.fromSeed(1, GPT_CONFIG_124M, { device })).rejects.toMatchObject({
    code: "bad-option",
  });
});
