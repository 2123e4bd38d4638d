import { describe, expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../config.ts";
import { Mutex } from "../device/mutex.ts";
import type { DispatchInfo } from "../device/recording.ts";
import type { Gpu } from "../gpu/gpu.ts";
import { GpuRecording } from "../gpu/gpu-recording.ts";
import type { TunedKernels } from "../kernels/autotune/tuned-kernels.ts";
import { bytesRead } from "../kernels/bytes.ts";
import { splitsFor } from "../kernels/flash-decoding.ts";
import { type Precision, precisions } from "../kernels/weight-format.ts";
import { allocateTensors } from "../loading/allocate-tensors.ts";
import { GPTModel } from "../model/gpt-model.ts";
import { KVCache } from "../pass/kv-cache.ts";
import { Workspace } from "../pass/workspace.ts";
import type { WeightSource } from "../weights/weight-source.ts";

// A decode step of GPT-2 124M as a graphics card gets it, recorded on a GPU that allocates nothing.

const config = GPT_CONFIG_124M;
const capacity = config.context_length;

async function decodeStep(
  one: "matvec" | "matvecSubgroups",
  { precision = "f32", bindings = 10 }: { precision?: Precision; bindings?: number } = {},
): Promise<readonly DispatchInfo[]> {
  const device = {
    limits: {
      maxStorageBufferBindingSize: 2 ** 31,
      maxBufferSize: 2 ** 31,
      maxStorageBuffersPerShaderStage: bindings,
    },
    mutex: new Mutex(),
    scoped: async <T>(create: () => T) => create(),
    createStorage: (label: string, size: number) => ({ label, size }),
  } as unknown as Gpu;
  const source = { config, tied: false } as unknown as WeightSource;
  const network = new GPTModel(config, await allocateTensors(device, source, precision));
  const kernels: TunedKernels = { one, few: one, many: "matmul", attention: "tile" };
  const recording = new GpuRecording("decode", device, device.pipelines);
  const workspace = new Workspace(device, config, 1, 1, splitsFor(capacity));
  const cache = new KVCache(device, config, 1, capacity);
  network.forward(
    { device, recording, workspace, cache, batch: 1, num_tokens: 1, mask: "causal", kernels },
    workspace.idx,
    { rows: 1, first: 0, stride: 1 },
  );
  return recording.dispatches;
}

/** Workgroups below which a large card, with 128 or 132 processors, is not busy. */
const BUSY = 96;

describe.each(["matvec", "matvecSubgroups"] as const)("a decode step by %s", (one) => {
  it.each(precisions)("keeps a card busy with all that it reads in %s", async (precision) => {
    const step = await decodeStep(one, { precision });
    const large = step.filter((dispatch) => bytesRead([dispatch], 1000) > 1e6);
    expect(large.length).toBeGreaterThanOrEqual(4 * config.n_layers + 1);
    for (const { kernel, workgroups } of large)
      expect(
        workgroups.reduce((a, b) => a * b),
        kernel.label,
      ).toBeGreaterThanOrEqual(BUSY);
  });

  it.each([
    [10, 0],
    [9, 0],
    [8, config.n_layers], // the products to q, k and v bind nine
    [7, config.n_layers],
    [6, 2 * config.n_layers + 1],
  ])("on an adapter of %i bindings has %i LayerNorms on their own", async (bindings, count) => {
    const step = await decodeStep(one, { bindings });
    expect(step.filter(({ kernel }) => kernel.label === "layer-norm")).toHaveLength(count);
    for (const { kernel } of step.filter(({ kernel }) => kernel.label.startsWith("layer-norm,")))
      expect(kernel.bindings.length).toBeLessThanOrEqual(bindings);
  });
});
