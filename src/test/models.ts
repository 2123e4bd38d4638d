import { expect, it } from "vitest";
import type { GPTConfig, Mask } from "../config.ts";
import { Processor } from "../cpu/processor.ts";
import type { Device } from "../device/device.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { openGpu } from "../gpu/open-gpu.ts";
import type { TunedKernels } from "../kernels/autotune/tuned-kernels.ts";
import { uploadWeights } from "../loading/upload-weights.ts";
import { destroyTensors } from "../pass/weight-tensors.ts";
import { ModelHandle } from "../runtime/model-handle.ts";
import { DropoutStream } from "../weights/seed/dropout-stream.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { choiceNeedsSubgroups, skipWithoutSubgroups } from "./subgroups.ts";

/**
 * Choices that autotune can make, with each variant in one of them: threads on their own, quads as on the software adapter,
 * and workgroups that add up in memory or in subgroups.
 */
export const kernelChoices: Record<"thread" | "quads" | "memory" | "subgroups", TunedKernels> = {
  thread: { one: "matmulRegister", few: "matmulRegister", many: "matmulRegister", attention: "workgroup" },
  quads: { one: "matmulRegister", few: "matmulQuad4Rows", many: "matmulQuad", attention: "quad" },
  memory: { one: "matvec", few: "matvec", many: "matmul", attention: "tile" },
  subgroups: {
    one: "matvecSubgroups",
    few: "matvecSubgroups",
    many: "matmulQuad",
    attention: "tile",
  },
};
export type KernelChoice = keyof typeof kernelChoices;

/** Whether these tests run where there is WebGPU; else the processor computes. */
export const hasWebGpu = "GPUBufferUsage" in globalThis;
/** A test of what only WebGPU has. */
export const itOnGpu: typeof it = hasWebGpu
  ? it
  : (Object.assign(() => {}, { each: () => () => {} }) as unknown as typeof it);
/** The choices that there are here: the processor has one kernel for all variants. */
export const choicesHere = (hasWebGpu ? Object.keys(kernelChoices) : ["thread"]) as KernelChoice[];

/** Those of them that are not for threads on their own. */
export const otherChoices = choicesHere.filter((choice) => choice !== "thread");

/** A model that takes no time, for tests of what is done with a model. */
export const tiny: { seed: number; config: GPTConfig } = {
  seed: 5,
  config: {
    vocab_size: 61,
    context_length: 8,
    emb_dim: 16,
    n_heads: 2,
    n_layers: 2,
    drop_rate: 0.1,
    qkv_bias: false,
  },
};

let gpu: Promise<Gpu> | undefined;
let device: Promise<Device> | undefined;

/** One GPU for all tests of a page. */
export function testGpu(): Promise<Gpu> {
  gpu ??= openGpu();
  return gpu;
}

/** One device for all tests of a page: its GPU; in Node, where there is none, the processor. */
export function testDevice(): Promise<Device> {
  device ??= hasWebGpu ? testGpu() : Processor.open();
  return device;
}

/** A model with weights that it shares with nobody. */
export async function buildModel(
  device: Device,
  { seed, config }: { seed: number; config: GPTConfig },
  { mask = "causal", kernels = "thread" }: { mask?: Mask; kernels?: KernelChoice } = {},
): Promise<ModelHandle> {
  if (choiceNeedsSubgroups(kernelChoices[kernels])) skipWithoutSubgroups(device);
  const source = seededWeights(seed, config);
  const tensors = await uploadWeights(device, source);
  return new ModelHandle(device, config, tensors, {
    mask,
    kernels: kernelChoices[kernels],
    openDropout: () => new DropoutStream(source.generator()),
    release: () => destroyTensors(device, tensors),
  });
}

/** The GPU that a model is on, in a test that is of WebGPU. */
export const gpuOf = ({ device }: ModelHandle): Gpu => device as Gpu;

/** Waits until the GPU holds so many bytes: what is destroyed is freed once the GPU has done with it. */
export const expectLiveBytes = ({ accounting }: Device, bytes: number): Promise<void> =>
  expect.poll(() => accounting.liveBytes, { timeout: 10_000, message: "bytes on the GPU" }).toBe(bytes);

/** Runs `test` on a fresh model; afterwards the GPU holds what it held before. */
export async function withModel(
  what: { seed: number; config: GPTConfig; mask?: Mask; kernels?: KernelChoice },
  test: (model: ModelHandle) => Promise<void>,
): Promise<void> {
  const device = await testDevice();
  const before = device.accounting.liveBytes;
  const model = await buildModel(device, what, what);
  try {
    await test(model);
  } finally {
    model.destroy();
  }
  await expectLiveBytes(device, before);
}
